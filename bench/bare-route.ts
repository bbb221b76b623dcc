// The yardstick for hooks: a Fastify route that does nothing but one INSERT, on as many connections as the product has.
import Fastify from 'fastify'
import { openPool, type Server } from '../src/db/connect.ts'
import { loadKeys } from '../src/db/keys.ts'

const { server, keysDir }: { server: Server; keysDir: string } = JSON.parse(process.argv[2] ?? '{}')
const pool = openPool(server, loadKeys(keysDir), 'circulation', 8)
const app = Fastify({ logger: false })
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post('/hooks/texts/:line', async (request, reply) => {
  await pool.query('insert into public.bare_hook (line_no, body) values ($1, $2)', [
    (request.params as { line: string }).line,
    request.body,
  ])
  return reply.type('text/xml').send('<Response/>')
})
const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
console.log(JSON.stringify({ port: Number(port) }))
process.once('SIGTERM', async () => {
  await app.close()
  await pool.end()
  console.log(JSON.stringify({}))
  process.exit(0)
})
