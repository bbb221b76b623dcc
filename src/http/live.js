// Keeps the parts of a page that say data-live up to date, and leaves alone what somebody is typing.
const { events } = document.querySelector('[data-events]').dataset
new EventSource(events).onmessage = async () => {
  const answer = await fetch(location.href)
  if (!answer.ok) return
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = next.getElementById(part.id)
    if (fresh) part.replaceChildren(...fresh.childNodes)
  }
}
