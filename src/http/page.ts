// The frame of every page: language, direction, title, the one stylesheet, and landmarks for those who do not see it.
// Links are relative, so that a page works the same behind a proxy that adds a path in front.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Language, wordsOf } from '../words/languages.ts'
import { type Html, type HtmlValue, html } from './html.ts'

export interface Page {
  title: string
  language?: Language
  /** What stands above the content; the name of the program or of the library. */
  head: HtmlValue
  body: HtmlValue
  foot?: HtmlValue
}

/** The way from this page up to the root: '/u/abc' → '../'. */
export const rootOf = (url: string): string => '../'.repeat(url.split('?', 1)[0]!.split('/').length - 2) || './'

export function renderPage(page: Page, root: string): Html {
  const language = page.language ?? 'en'
  return html`<!doctype html>
<html lang="${language}" dir="${wordsOf[language].frame.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}style.css">
</head>
<body>
<header class="top"><div class="wrap">${page.head}</div></header>
<main class="wrap">
${page.body}
</main>
${page.foot && html`<footer class="wrap foot">${page.foot}</footer>`}
</body>
</html>
`
}

export function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-language', page.language ?? 'en')
    .send(renderPage(page, rootOf(request.url)).toString())
}
