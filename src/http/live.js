// Keeps the parts of a page that say data-live up to date, and leaves alone what somebody is typing: a part that says
// data-unless-typing stays as it was when they began. Without this script the page works by its button.
const { events } = document.querySelector('[data-events]').dataset
let looking = false
let again = false

async function look() {
  again = looking
  if (looking) return
  looking = true
  const answer = await fetch(location.href).catch(() => null)
  if (answer?.ok) {
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const typing = [...document.querySelectorAll('textarea, input')].some((field) => field.value !== field.defaultValue)
    for (const part of document.querySelectorAll('[data-live]')) {
      const fresh = next.getElementById(part.id)
      const isKept = typing && 'unlessTyping' in part.dataset
      if (fresh && !isKept && !part.isEqualNode(fresh)) part.replaceChildren(...fresh.childNodes)
    }
  }
  looking = false
  if (again) look()
}

function listen() {
  const stream = new EventSource(events)
  stream.onmessage = look
  // A line that broke is taken up again by the browser; one that was refused is not.
  stream.onerror = () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000)
  }
}
listen()
