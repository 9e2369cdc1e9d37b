// .github/workflows/rotate-clusters.yml: what it says, and its own steps as the runner runs them.
import { spawn } from 'node:child_process'
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { parseFileCommand } from './runner/command.ts'

interface Job {
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly name?: string
  readonly environment?: string
  readonly permissions: object
  readonly outputs?: object
  readonly strategy?: { readonly 'fail-fast': boolean; readonly matrix: { readonly cluster: string } }
  readonly steps: readonly {
    readonly uses?: string
    readonly run?: string
    readonly with?: Readonly<Record<string, string>>
    readonly env?: Readonly<Record<string, string>>
  }[]
}

interface Workflow {
  readonly on: {
    readonly workflow_call: { readonly inputs: Readonly<Record<string, object>>; readonly secrets: object }
  }
  readonly jobs: Readonly<Record<string, Job>>
}

const text = readFileSync('.github/workflows/rotate-clusters.yml', 'utf8')

export const CLUSTERS_WORKFLOW = { text, ...(load(text) as Workflow) }

/** Runs the last step of a job, which is a program of `scripts/clusters`. @param values of its variables */
export async function runClustersStep(jobName: string, values: Readonly<Record<string, string>>) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'clusters-'))
  const paths = { GITHUB_OUTPUT: join(folder.path, 'output'), GITHUB_STEP_SUMMARY: join(folder.path, 'summary') }
  for (const path of Object.values(paths)) writeFileSync(path, '')
  const step = CLUSTERS_WORKFLOW.jobs[jobName]?.steps.at(-1)
  const [, script = '', command = ''] = /^node \.registry-pull-secret\/(\S+) (\w+)$/.exec(step?.run ?? '') ?? []
  const env = Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([name, value]) => [
      name,
      value.startsWith('${{') ? (values[name] ?? '') : value,
    ]),
  )
  const child = spawn(process.execPath, [script, command], {
    // Windows opens no connection without it.
    env: { ...env, ...values, ...paths, SystemRoot: process.env.SystemRoot },
  })
  let log = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  return {
    code,
    log,
    outputs: parseFileCommand(readFileSync(paths.GITHUB_OUTPUT, 'utf8')),
    summary: readFileSync(paths.GITHUB_STEP_SUMMARY, 'utf8'),
  }
}

/** GitHub's list of the jobs of a run. @param jobsOfRun undefined: it refuses */
export async function startGitHubJobs(jobsOfRun: readonly object[] | undefined) {
  const requests: string[] = []
  const server = createServer(({ url = '', headers }, response) => {
    requests.push(`${headers.authorization} ${url}`)
    const page = Number(new URL(url, 'http://localhost').searchParams.get('page'))
    response.statusCode = jobsOfRun === undefined ? 403 : 200
    response.end(JSON.stringify({ jobs: jobsOfRun?.slice((page - 1) * 100, page * 100) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    requests,
    variables: { GITHUB_API_URL: `http://127.0.0.1:${port}`, GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '1' },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
