// POST /api/v1/{library}/invitations: the link and the text for the foot of one notice, for the library's own system. Its
// answers do tell a card that is not to be asked (a child's, closed, or answered), a card to ask, and no card apart, and a
// link carries the patron's number, signed and not hidden. The system that holds the key knows those facts already; the
// key is a secret like the patron file.
import type { FastifyInstance } from 'fastify'
import { type InvitationAnswer, shapeOfInvitation } from '../contract/invitations.ts'
import { invitationSigner } from '../lib/invitation-links.ts'
import { keyedHexFor } from '../lib/keyed-hash.ts'
import { inviteByCard } from '../signups/invite.ts'
import { languages, wordsOf } from '../words/languages.ts'
import { openPremises } from './access.ts'
import type { Site } from './premises.ts'
import { programOf, readBody } from './program-door.ts'

export function addInvitations(door: FastifyInstance, site: Site): void {
  door.post('/invitations', { config: { access: 'key', may: 'invite' } }, async (request) => {
    const { library } = programOf(request)
    const { logins, keys, clock } = openPremises(site)
    const { card } = readBody(request, shapeOfInvitation)
    const desk = { logins, invitations: invitationSigner(keys.links), publicUrl: site.publicUrl }
    const about = { hash: keyedHexFor(keys.hashing, library.key), now: clock.now() }
    const [invited] = await inviteByCard(desk, library, [card], about)
    if (invited === undefined || invited.kind === 'do-not-ask')
      return { url: null, text: null } satisfies InvitationAnswer
    const text = Object.fromEntries(
      languages.map((language) => [language, wordsOf[language].invitation.foot(library.name, invited.url)]),
    )
    return { url: invited.url, text } satisfies InvitationAnswer
  })
}
