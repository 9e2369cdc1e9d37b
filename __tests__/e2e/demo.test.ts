// The demos, on fakes. The gate also runs them on the real servers.
import { execFile } from 'node:child_process'
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../scripts/demo/arguments.ts'
import { foldedLog } from '../../scripts/demo/folded-log.ts'
import { HELP } from '../../scripts/demo/modes.ts'
import { timeline } from '../../scripts/demo/timeline.ts'

/** What each mode must show, and the headings of the summaries on its page. */
const MODES: Readonly<Record<string, { readonly facts: readonly RegExp[]; readonly headings: readonly string[] }>> = {
  deploy: {
    facts: [/^Two runs, one mint/, /lets the credential in the secret pull/, /^The Pod is ready/, /in no log/],
    headings: ['The first run', 'The same step again'],
  },
  rotate: {
    facts: [
      /^The action: [1-9]\d* pulls, 0 failed$/,
      /^[1-9]\d* of these pulls used the old token, [1-9]\d* the new one$/,
      /only the new token was alive$/,
      /^The script: \d+ pulls, [1-9]\d* failed$/,
    ],
    headings: ['The first run', 'The rotation'],
  },
  kill: {
    facts: [/^The rotation was killed$/, /^It left two live tokens/, /^It left one live token/, / pulls, 0 failed$/],
    headings: ['The first run', 'The next run'],
  },
  fail: {
    facts: [/^The run failed/, /troubleshooting\.md#registry-login-failed$/, /was not touched/, / pulls, 0 failed$/],
    headings: ['The password works', 'The registry refuses the password', 'The password is corrected'],
  },
  many: {
    facts: [
      /created 200 secrets with one token$/,
      /created 1 secret and left 199/,
      /changed nothing, with \d requests/,
    ],
    headings: ['The first run', 'One secret was missing', 'Nothing to do'],
  },
}

describe.concurrent('npm run demo', () => {
  it.each(Object.entries(MODES))('-- %s shows what it promises, and saves the summaries', async (mode, expected) => {
    const { code, stdout } = await demo([mode])

    const [, end = ''] = stdout.split('── What was shown ')
    const shown = [...end.matchAll(/^(✓|✗) (.*)$/gm)].map(([, mark, fact = '']) => ({ mark, fact }))
    expect(shown.filter(({ mark }) => mark !== '✓')).toEqual([])
    expect(expected.facts.filter((pattern) => !shown.some(({ fact }) => pattern.test(fact)))).toEqual([])
    expect(code).toBe(0)
    const [, page = ''] = /^Job summaries: (.*)$/m.exec(end) ?? []
    const html = readFileSync(page, 'utf8')
    expect([...html.matchAll(/<h1>(.*?)<\/h1>/g)].map(([, heading]) => heading)).toEqual(expected.headings)
    expect(html.match(/<h2>/g)).toHaveLength(expected.headings.length)
    expect(html).toContain('@media (prefers-color-scheme: dark) { body { background: #0d1117; } }')
  })

  it('fails when what it shows is not true', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'no-action-'))
    for (const entry of ['index.js', 'post.js']) writeFileSync(join(folder.path, entry), '')

    const { code, stdout } = await demo(['many'], { TEST_DIST: folder.path })

    expect(code).toBe(1)
    expect(stdout).toContain('✗ The first run created 200 secrets with one token\n')
  })

  it('refuses an unknown mode before it starts a server', async () => {
    const { code, stdout } = await demo(['spin'])
    expect(code).toBe(1)
    expect(stdout.trim()).toBe('The demo ended early: unknown mode "spin". Modes: deploy, rotate, kill, fail,\nmany')
  })
})

describe('the arguments of the demo', () => {
  it('can ask for the help, which names each mode', () => {
    expect(parseArguments(['--help'])).toBeUndefined()
    for (const mode of Object.keys(MODES)) expect(HELP).toMatch(new RegExp(`^ {2}${mode} `, 'm'))
  })

  it.each([
    [[], { name: 'deploy', kubeconfig: undefined }],
    [['many'], { name: 'many', kubeconfig: undefined }],
    [['--kubeconfig', 'x'], { name: 'deploy', kubeconfig: 'x' }],
  ])('name a mode: %j', (args, expected) => {
    expect(parseArguments(args)).toMatchObject(expected)
  })

  it.each([
    [['toString'], 'unknown mode "toString". Modes: '],
    [['kill', 'many'], 'only one mode at a time, not kill and many'],
    [['kill', '--kubeconfig', 'x'], '--kubeconfig cannot be combined with mode "kill"'],
    [['--kubekonfig', 'x'], "Unknown option '--kubekonfig'"],
  ])('are refused: %j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(message)
  })
})

it('folds a long group of the log', () => {
  const shown: string[] = []
  const log = foldedLog((line) => shown.push(line))
  for (const line of ['group', '  1', '  2', '  3', '  4', '  5', '  6', '  7', 'after', '  1', 'end']) log.add(line)
  log.end()
  const folded = '  … and 2 more lines, which GitHub folds'
  expect(shown).toEqual(['group', '  1', '  2', '  3', '  4', '  5', folded, 'after', '  1', 'end'])
})

it('draws pulls and moments in columns of time', () => {
  const pull = (at: number, error?: string) => ({ at, tokenId: 'id', error })
  const moments = [
    { at: 1120, text: 'deleted' },
    { at: 1130, text: 'created' },
    { at: 1450, text: 'revoked' },
  ]
  const pulls = [pull(1000), pull(1110), pull(1190, 'refused'), pull(1320), pull(1400), pull(1599)]
  const [row = '', numbers, , , ...legend] = timeline(pulls, moments, { from: 1000, to: 1599 }).map(
    stripVTControlCharacters,
  )
  expect([row, numbers]).toEqual(['pulls    ▪✗ ▪▪▪', '          12 3'])
  expect(legend).toEqual(['1   0.1 s  deleted', '2   0.1 s  created', '3   0.5 s  revoked'])
})

function demo(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: unknown; stdout: string }> {
  const options = { env: { ...process.env, REAL_SERVERS: 'none', ...env } }
  return new Promise((done) => {
    execFile(process.execPath, [resolve('scripts/demo.ts'), ...args], options, (error, stdout) => {
      done({ code: error?.code ?? 0, stdout })
    })
  })
}
