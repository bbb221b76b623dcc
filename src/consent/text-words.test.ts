import { expect, test } from 'vitest'
import { readStopSentence } from './text-sentences.ts'
import { readKeyword } from './text-words.ts'

test.each([
  'STOP',
  'stop',
  ' Stop. ',
  '"stop"',
  'ARRÊT',
  'arrêté',
  'Stop all!',
  'opt-out',
  'baja',
  'STOP 🛑',
  'ＳＴＯＰ',
  'S.T.O.P',
  's t o p',
  'ST\u00adOP',
  '\u202eST\u200bOP',
  'STOP\n\nSent from my iPhone',
  'Stop\r\n> Hi from Maple Falls Library!\r\n> STOP to end.',
  'ALTO\nEnviado desde mi iPhone',
])('%j is a stop', (body) => {
  expect(readKeyword(body)?.keyword).toBe('stop')
})

test.each(['HELP', 'ayuda', '¡Ayuda!', 'aide', 'info'])('%j asks for help', (body) => {
  expect(readKeyword(body)?.keyword).toBe('help')
})

test('a word that only Spanish has tells the language of the answer', () => {
  expect(readKeyword('alto')).toEqual({ keyword: 'stop', language: 'es' })
  expect(readKeyword('stop')).toEqual({ keyword: 'stop', language: null })
})

test.each([
  'when does the bus stop',
  'Yes',
  'stop by on Friday?',
  'help me find a book',
  'at the end',
  'Liked “STOP”',
  '\u200a\u200b👍\u200b to “\u200aSTOP\u200a”\u200a',
])('%j is no keyword', (body) => {
  expect(readKeyword(body)).toBeNull()
})

test.each([
  'please stop texting me',
  'Stop sending me messages!!',
  'STOP STOP STOP',
  'ok stop',
  "don't text me anymore",
  'Do not ever text me again',
  'take me off your list',
  'Reply STOP to end',
  'STOP to end',
  'I said stop',
  'I want to unsubscribe',
  'un-subscribe',
  'cancel please',
  'REMOVE ME',
  'leave me alone',
  'stop notifying me',
  'alto por favor',
  'remove my number from this',
  'unsubscribe me',
  "I don't want these texts",
  'deja de enviarme mensajes',
  'ya no quiero más mensajes',
  'por favor no me manden más mensajes',
  'quítenme de la lista',
])('%j means stop', (body) => {
  expect(readStopSentence(body)).not.toBeNull()
})

test.each([
  'when does the bus stop',
  'take me off the hold list for Dune',
  'Please remove my name from the waiting list for Dune',
  'you got me off the hook, thanks',
  'cancel my hold',
  'cancel it please, I have the book now',
  'Liked “Reply STOP to end”',
  'Removed a like from “Stop texting me”',
  'Reacted 👍 to “please take me off the list”',
  'A Rosa le gustó “deja de enviarme mensajes”',
  'is there a bus stop near you?',
  'can I stop by at 5',
  "don't text me back until Monday, I am at work",
  'please stop the hold on my book',
  'I will stop at the desk to return it',
  'does the story hour stop in summer?',
  'no quiero el libro',
  'para mi hijo, gracias',
  'Can you text me when it opens?',
  'What should I do to stop getting overdue fines',
])('%j does not mean stop', (body) => {
  expect(readStopSentence(body)).toBeNull()
})
