// `gentle library add`: a new library, with what has to stand in every message it will send.
import { addLibrary } from '../patrons/library.ts'
import { command } from './command.ts'

export const libraryAdd = command({
  name: 'library add',
  summary: 'Add a library.',
  about: [
    'Its name, postal address and phone stand in every message, and a first name of somebody on the staff signs it: people answer people.',
  ],
  takes: [{ name: 'KEY', says: 'a short name for commands and web addresses: lower-case letters, digits, hyphens' }],
  options: {
    name: { kind: 'text', value: 'NAME', says: 'its name, as readers know it', required: true },
    timezone: { kind: 'text', value: 'ZONE', says: 'its time zone, such as America/New_York', required: true },
    'postal-address': { kind: 'text', value: 'ADDRESS', says: 'its postal address in one line', required: true },
    phone: { kind: 'text', value: 'PHONE', says: 'the phone of its desk', required: true },
    email: { kind: 'text', value: 'ADDRESS', says: 'where readers’ answers go', required: true },
    'signed-by': {
      kind: 'text',
      value: 'NAME',
      says: 'the first name of somebody on the staff, who signs the messages; without it they are signed “Your librarians”',
    },
    url: { kind: 'text', value: 'URL', says: 'its website' },
    language: { kind: 'text', value: 'TAG', says: 'the language of readers whose own is not known', default: 'en' },
  },
  examples: [
    'gentle library add maple --name "Maple Falls Library" --timezone America/New_York --postal-address "12 Main Street, Maple Falls, OH 43991" --phone 740-555-0100 --email hello@library.example.org --signed-by Ana',
  ],
  async run(context, { given, options }) {
    const library = await addLibrary(context.logins, {
      key: given.KEY,
      name: options.name,
      timezone: options.timezone,
      postalAddress: options['postal-address'],
      phone: options.phone,
      email: options.email,
      url: options.url,
      signedBy: options['signed-by'],
      language: options.language,
    })
    const { key, name, timezone, postalAddress, phone, email, url, signedBy, language } = library
    return {
      json: { key, name, timezone, postalAddress, phone, email, url, signedBy, language },
      text: [
        `${name} is here, under the key ${key}. Messages will be signed ${signedBy === null ? '“Your librarians”: --signed-by names somebody' : `by ${signedBy}`}.`,
        `Next: gentle roster import FILE --library ${key}`,
      ],
    }
  },
})
