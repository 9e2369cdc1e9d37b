import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('kills a server whose owner is killed, and then deletes its files', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'server-process-'))
  const left = join(folder.path, 'left')
  const owner = join(folder.path, 'owner.ts')
  await writeFile(
    owner,
    `import { startServerProcess } from ${JSON.stringify(new URL('server-process.ts', import.meta.url).href)}
     await startServerProcess({
       command: 'sh',
       args: () => ['-c', 'echo $$ >${left}; exec sleep 600'],
       isReady: async () => true,
       afterwards: 'kill -0 $server || echo cleared >>${left}',
     })
     console.log('started')`,
  )
  const child = spawn(process.execPath, [owner], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await expect.poll(() => readFile(left, 'utf8').catch(() => '')).toMatch(/^\d+\n$/)

  child.kill('SIGKILL')

  await expect.poll(() => readFile(left, 'utf8')).toMatch(/^\d+\ncleared\n$/)
})
