// The one stylesheet, kept as a file of its own so that it can be read and edited as what it is.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { packageRoot } from '../lib/package-root.ts'

export function addStyle(app: FastifyInstance): void {
  const style = readFileSync(join(packageRoot, 'src', 'http', 'style.css'))
  app.get('/style.css', { config: { access: 'public' } }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=300').send(style),
  )
}
