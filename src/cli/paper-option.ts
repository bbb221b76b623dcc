// The option of commands that print: on which paper.
export const paperOption = {
  paper: { kind: 'text', value: 'SIZE', says: 'the paper', choices: ['letter', 'a4'], default: 'letter' },
} as const
