// A whole Postfix for a test, in a folder of its own: whatever it takes it brings to the mail door, and what the door will
// not have it bounces.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const POSTFIX = '/usr/sbin/postfix'

export function startPostfix(doorPort: number) {
  const folder = mkdtempSync(join(tmpdir(), 'gentle-postfix-'))
  chmodSync(folder, 0o755)
  const port = 20_000 + (process.pid % 20_000)
  for (const name of ['etc', 'queue', 'data']) mkdirSync(join(folder, name))
  execFileSync('chown', ['postfix', join(folder, 'data')])
  const etc = join(folder, 'etc')
  writeFileSync(
    join(etc, 'main.cf'),
    [
      'compatibility_level = 3.6',
      `queue_directory = ${folder}/queue`,
      `data_directory = ${folder}/data`,
      'inet_interfaces = 127.0.0.1',
      'inet_protocols = ipv4',
      'myhostname = relay.example.org',
      'mydestination =',
      'alias_maps =',
      'relay_domains = sms.example.org',
      `relayhost = [127.0.0.1]:${doorPort}`,
      'smtp_tls_security_level = none',
      'queue_run_delay = 1s',
      'minimal_backoff_time = 1s',
      'maximal_backoff_time = 1s',
      '',
    ].join('\n'),
  )
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    ...['cleanup unix n - n - 0 cleanup', 'qmgr unix n - n 300 1 qmgr', 'rewrite unix - - n - - trivial-rewrite'],
    ...['bounce unix - - n - 0 bounce', 'defer unix - - n - 0 bounce', 'trace unix - - n - 0 bounce'],
    ...[
      'smtp unix - - n - - smtp',
      'relay unix - - n - - smtp',
      'error unix - - n - - error',
      'retry unix - - n - - error',
    ],
    ...[
      'flush unix n - n 1000? 0 flush',
      'anvil unix - - n - 1 anvil',
      'scache unix - - n - 1 scache',
      'proxymap unix - - n - - proxymap',
    ],
  ]
  writeFileSync(join(etc, 'master.cf'), `${services.join('\n')}\n`)
  execFileSync(POSTFIX, ['-c', etc, 'start'], { stdio: 'pipe' })
  return {
    port,
    stop: () => {
      execFileSync(POSTFIX, ['-c', etc, 'stop'], { stdio: 'pipe' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
