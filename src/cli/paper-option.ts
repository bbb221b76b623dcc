// The options of commands that print: on which paper, and which address of this installation stands on it.
export const paperOption = {
  paper: { kind: 'text', value: 'SIZE', says: 'the paper', choices: ['letter', 'a4'], default: 'letter' },
} as const

export const publicUrlOption = {
  'public-url': { kind: 'text', value: 'URL', says: 'where readers reach this installation (else GENTLE_PUBLIC_URL)' },
} as const
