// The steps of the job `e2e` of .github/workflows/ci.yml that use the action and check what it did, run one after the other.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { load } from 'js-yaml'
import { expect, it, vi } from 'vitest'
import { requireBinary } from '../support/binaries.ts'
import { describeReal } from '../support/describe-real.ts'
import { evaluate, inputsOf, type Step } from '../support/documented-workflow.ts'
import { startKubeApiserver } from '../support/kubernetes/kube-apiserver.ts'
import { parseFileCommand } from '../support/runner/command.ts'
import { runStep } from '../support/runner/runner.ts'

interface OwnStep extends Step {
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

const workflow = load(await readFile('.github/workflows/ci.yml', 'utf8')) as { jobs: { e2e: { steps: OwnStep[] } } }
const { steps } = workflow.jobs.e2e
/** Those after the services are up. */
const following = steps.slice(steps.findIndex(({ id }) => id === 'services') + 1)

describeReal(['etcd', 'kube-apiserver', 'kubectl', 'docker-registry'], 'the e2e job of this repository', () => {
  it('uses the action twice, and checks each run', async () => {
    expect(following.map(({ uses, run }) => uses ?? typeof run)).toEqual(['./', 'string', './', 'string'])
    await using services = await startServices()
    await using cluster = await startKubeApiserver()
    await using folder = await mkdtempDisposable(join(tmpdir(), 'own-workflow-'))
    const kubeconfig = join(folder.path, 'kubeconfig')
    await writeFile(kubeconfig, cluster.kubeconfig(), { mode: 0o600 })
    const environment = { KUBECONFIG: kubeconfig, RUNNER_TEMP: folder.path, HOME: folder.path }
    const context = contextOf('services', services.outputs)

    for (const { id = '', uses, run = '', env = {}, ...step } of following) {
      if (uses !== undefined) {
        const result = await runStep({ inputs: inputsOf(step, context), env: { KUBECONFIG: kubeconfig } })
        expect(result).toMatchObject({ code: 0, annotations: [] })
        Object.assign(context, contextOf(id, result.outputs))
        continue
      }
      const variables = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, evaluate(text, context)]))
      const bash = (more: Readonly<Record<string, string>>) =>
        promisify(execFile)('bash', ['-e', '-c', run], { env: { ...environment, PATH: path(), ...more } })
      await bash(variables)
      // A check that cannot fail is none.
      await expect(bash({ ...variables, FACTS: 'false true x' })).rejects.toThrow()
      if (run.includes('$DOCKER_CONFIG_JSON')) {
        await expect(bash({ ...variables, DOCKER_CONFIG_JSON: '{}' })).rejects.toThrow()
        await expect(bash({ ...variables, TOKEN_ID: 'another' })).rejects.toThrow()
      }
    }
  })
})

/** With the kubectl of the tests. */
function path(): string {
  return `${join(requireBinary('kubectl'), '..')}:${process.env.PATH}`
}

function contextOf(id: string, outputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]): [string, string] => [`steps.${id}.outputs.${name}`, value]),
  )
}

/** The script of the step `services`, with its outputs. */
async function startServices() {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await mkdtempDisposable(join(tmpdir(), 'services-')))
  const file = join(folder.path, 'output')
  await writeFile(file, '')
  const child = spawn(process.execPath, ['scripts/serve-ibm.ts'], {
    env: { ...process.env, GITHUB_OUTPUT: file },
    stdio: 'ignore',
  })
  const ended = once(child, 'close')
  resources.defer(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const text = await vi.waitFor(async () => {
    const written = await readFile(file, 'utf8')
    expect(written).toContain('api-key=')
    return written
  }, 60_000)
  const running = resources.move()
  return { outputs: parseFileCommand(text), [Symbol.asyncDispose]: () => running.disposeAsync() }
}
