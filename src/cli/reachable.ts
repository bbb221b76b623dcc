// Where readers reach this installation, as commands print it; and the warning when only this machine can.

export const publicUrlOption = {
  'public-url': { kind: 'text', value: 'URL', says: 'where readers reach this installation (else GENTLE_PUBLIC_URL)' },
} as const

/** A line, or none. `mend`: what to do, as a sentence. */
export const onlyHere = (publicUrl: string, mend: string): string[] =>
  /^http:\/\/(localhost|127\.|\[::1\])/.test(publicUrl) ? [`Only this machine can open ${publicUrl}. ${mend}`] : []
