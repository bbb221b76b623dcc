// POST /api/v1/{library}/invitations: the link and the text for the foot of one notice, for the library's own system. A card
// that is not in the patron file gets the page for everybody, like a card that is: who holds a key learns nothing by it.
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
