// Runs a step of this action as the GitHub runner does: the entry named in action.yml, in a clean environment,
// with the inputs as INPUT_ variables and the file commands in a temporary folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { devNull, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { findLeaks, SecretLeaked, unescapeMarkdown } from '../secrecy/leaks.ts'
import { addStepSecrets } from '../secrecy/step-secrets.ts'
import { fileCommandEntries, parseFileCommand } from './command.ts'
import { type Annotation, RunnerLog } from './log.ts'
import { snapshotFiles } from './written-files.ts'

export interface StepOptions {
  readonly inputs: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** What the main step saved, for the post step. */
  readonly state?: Readonly<Record<string, string>>
  readonly entry?: 'index' | 'post'
  /** A command that measures the step, which is its arguments, as `time` does. Nothing else is added to the step then. */
  readonly through?: readonly string[]
  /** Each line of the log as it comes. */
  readonly onLine?: (line: string) => void
  /** Receives the secrets that the step shows, one sentence for each; not given: the step fails its test. */
  readonly onLeaks?: (leaks: readonly string[]) => void
  /** Runs another build than `dist/`. */
  readonly dist?: string
}

export interface StepResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, string>>
  readonly summary: string
  /** Errors and warnings. */
  readonly annotations: readonly Annotation[]
  readonly notices: readonly Annotation[]
  readonly masks: readonly string[]
  /** What a person sees: commands rendered, groups indented, masks applied. */
  readonly log: string
}

export interface RunningStep {
  readonly result: Promise<StepResult>
  kill(signal: NodeJS.Signals): void
}

interface ActionMetadata {
  readonly inputs: Readonly<Record<string, { readonly default?: string | number | boolean }>>
  readonly runs: { readonly main: string; readonly post: string }
}

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** `scripts/coverage.ts` lets V8 count what a build of its own runs. */
const { TEST_DIST, TEST_COVERAGE } = process.env

export function runStep(options: StepOptions): Promise<StepResult> {
  return startStep(options).result
}

export function startStep(options: StepOptions): RunningStep {
  let child: ChildProcess | undefined
  let killed: NodeJS.Signals | undefined
  const result = run(options, (started) => {
    child = started
    if (killed !== undefined) child.kill(killed)
  })
  return {
    result,
    kill(signal) {
      killed = signal
      child?.kill(signal)
    },
  }
}

async function run(options: StepOptions, onStart: (child: ChildProcess) => void): Promise<StepResult> {
  const action = load(await readFile(join(repository, 'action.yml'), 'utf8')) as ActionMetadata
  addStepSecrets(options.inputs, options.env ?? {})
  await using folder = await mkdtempDisposable(join(tmpdir(), 'runner-'))
  const files = await createFileCommands(folder.path)
  const cwd = options.cwd ?? (await createFolder(folder.path, 'workspace'))
  const temp = await createFolder(folder.path, 'temp')
  const home = await createFolder(folder.path, 'home')
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    // Tests start hundreds of steps: with Node's cache of compiled code each starts a fifth faster. Benchmarks do not set it.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    HOME: home,
    TMPDIR: temp,
    // On Windows these are the folders: https://nodejs.org/api/os.html#ostmpdir
    ...(process.platform === 'win32' && { TEMP: temp, TMP: temp, USERPROFILE: home }),
    RUNNER_TEMP: temp,
    GITHUB_WORKSPACE: cwd,
    // OpenSSL takes a tenth of the CPU time of a step to parse the certificates of the system.
    ...(!options.through && { SSL_CERT_FILE: devNull, SSL_CERT_DIR: home }),
    ...github,
    ...files,
    ...inputVariables(action, options.inputs),
    ...stateVariables(options.state ?? {}),
    // Debug messages are as public as the log, which shows them here only when a test sets this itself.
    ...(!options.through && { RUNNER_DEBUG: '1' }),
    ...(TEST_COVERAGE && { NODE_V8_COVERAGE: TEST_COVERAGE }),
    ...options.env,
  }

  const entry = options.entry === 'post' ? action.runs.post : action.runs.main
  const dist = options.dist ?? TEST_DIST
  const processes = join(folder.path, 'processes')
  await writeFile(processes, '')
  const [command = '', ...args] = [
    ...(options.through ?? []),
    process.execPath,
    ...(options.through ? [] : ['--import', recorderOf(processes)]),
    dist ? join(dist, basename(entry)) : join(repository, entry),
  ]
  const written = snapshotFiles([cwd, temp, home])
  const child = spawn(command, args, { cwd, env: environment, stdio: 'pipe' })
  onStart(child)
  child.stdin.end()
  const log = new RunnerLog({ debug: options.env?.RUNNER_DEBUG === '1', onLine: options.onLine })
  const [stdout, stderr, { code, signal }] = await Promise.all([
    collect(child.stdout, log),
    collect(child.stderr, log),
    exit(child),
  ])

  const read = (path: string) => readFile(path, 'utf8')
  const output = fileCommandEntries(await read(files.GITHUB_OUTPUT))
  const summary = await read(files.GITHUB_STEP_SUMMARY)
  const leaks = findLeaks({
    stdout,
    stderr,
    outputs: [...Object.entries(log.outputs), ...output],
    others: {
      log: log.text,
      'debug messages': log.debugText,
      annotations: [...log.annotations, ...log.notices]
        .flatMap(({ message, properties }) => [message, ...Object.values(properties)])
        .join('\n'),
      summary,
      'rendered summary': unescapeMarkdown(summary),
      state: [...Object.values(log.state), await read(files.GITHUB_STATE)].join('\n'),
      GITHUB_ENV: await read(files.GITHUB_ENV),
      GITHUB_PATH: await read(files.GITHUB_PATH),
      'arguments of a process': await read(processes),
      ...written.changes(),
    },
  })
  if (leaks.length > 0 && options.onLeaks === undefined) throw new SecretLeaked(leaks)
  options.onLeaks?.(leaks)

  return {
    code,
    signal,
    stdout,
    stderr,
    outputs: { ...log.outputs, ...Object.fromEntries(output) },
    state: { ...log.state, ...parseFileCommand(await read(files.GITHUB_STATE)) },
    summary,
    annotations: log.annotations,
    notices: log.notices,
    masks: log.masks,
    log: log.text,
  }
}

const github = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_JOB: 'deploy',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '4711',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_WORKFLOW: 'deploy',
}

type FileCommand = 'GITHUB_ENV' | 'GITHUB_OUTPUT' | 'GITHUB_PATH' | 'GITHUB_STATE' | 'GITHUB_STEP_SUMMARY'

async function createFileCommands(folder: string): Promise<Record<FileCommand, string>> {
  const create = async (name: string) => {
    const path = join(folder, name)
    await writeFile(path, '')
    return path
  }
  return {
    GITHUB_ENV: await create('env'),
    GITHUB_OUTPUT: await create('output'),
    GITHUB_PATH: await create('path'),
    GITHUB_STATE: await create('state'),
    GITHUB_STEP_SUMMARY: await create('summary'),
  }
}

/** @param file receives the arguments of processes */
function recorderOf(file: string): string {
  const recorder = new URL('record-processes.mjs', import.meta.url)
  recorder.searchParams.set('file', file)
  return recorder.href
}

async function createFolder(parent: string, name: string): Promise<string> {
  const path = join(parent, name)
  await mkdir(path)
  return path
}

/** Every input of action.yml is there, with its default when the workflow does not name it. */
function inputVariables(action: ActionMetadata, given: Readonly<Record<string, string>>): Record<string, string> {
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, String(input?.default ?? '')] as const)
  const values = { ...Object.fromEntries(defaults), ...given }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

function stateVariables(state: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]))
}

async function collect(stream: Readable, log: RunnerLog): Promise<string> {
  let text = ''
  let line = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk
    const lines = (line + chunk).split(/\r\n|\r|\n/)
    line = lines.pop() ?? ''
    for (const complete of lines) log.add(complete)
  }
  if (line !== '') log.add(line)
  return text
}

function exit(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}
