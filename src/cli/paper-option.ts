// The size of the paper on which documents are printed.
export const paperOption = {
  paper: { kind: 'text', value: 'SIZE', says: 'the paper', choices: ['letter', 'a4'], default: 'letter' },
} as const
