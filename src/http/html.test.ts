import { expect, test } from 'vitest'
import { html, webAddress } from './html.ts'

test('whatever is put into a template is escaped, lists and nested parts included', () => {
  const evil = `<b a="x" b='y'>&</b>`
  const safe = '&lt;b a=&#34;x&#34; b=&#39;y&#39;&gt;&amp;&lt;/b&gt;'
  expect(html`<p title="${evil}">${[evil, html`<i>${evil}</i>`]}${null}${false}${undefined}${0}</p>`.toString()).toBe(
    `<p title="${safe}">${safe}<i>${safe}</i>0</p>`,
  )
})

test('only addresses of the web become links', () => {
  expect(webAddress('https://library.example.org/x')).toBe('https://library.example.org/x')
  for (const no of ['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'data:text/html,x', 'library.example.org', '', null])
    expect(webAddress(no)).toBeNull()
})
