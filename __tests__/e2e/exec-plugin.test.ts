// Users of a kubeconfig that authenticate with a program, as for EKS, GKE and AKS.
import { existsSync, mkdirSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { credentialLine, EXEC_V1, withExec, writePlugin } from '../support/exec-plugin.ts'
import { installCli } from '../support/ibm/cli.ts'
import { isRunning } from '../support/is-running.ts'
import { runStep } from '../support/runner/runner.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios } from './harness.ts'

/** A plugin that is a shell script of these lines. @returns its path and what it leaves */
function createPlugin(lines: readonly string[]) {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'plugin-'))
  const command = writePlugin(folder.path, 'login', lines)
  return {
    folder: folder.path,
    command,
    calls: () =>
      existsSync(`${command}.calls`) ? readFileSync(`${command}.calls`, 'utf8').trim().split('\n').length : 0,
    [Symbol.dispose]: () => folder.remove(),
  }
}

/** Secrets that no server of the scenario knows. */
const PRINTED = ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqbyJ9.c2ln', 'hunter2-refresh', 'hunter2-session']

describeScenarios(
  'a program that the action runs',
  (openScenario) => {
    describe('a program of the kubeconfig', () => {
      it('is the one in the folder of the kubeconfig, is called once, and gets the cluster and no input', async () => {
        await using scenario = await openScenario()
        using plugin = createPlugin(['env > "$0.env"', credentialLine({ token: `${scenario.kube.adminToken}\n` })])
        const workspace = join(plugin.folder, 'workspace')
        mkdirSync(workspace)
        writePlugin(workspace, 'login', ['exit 1'])
        const path = join(plugin.folder, 'config')
        const extension = { audience: 'k' }
        writeFileSync(
          path,
          withExec(
            scenario.kube.kubeconfig(),
            {
              command: './login',
              provideClusterInfo: true,
              interactiveMode: 'IfAvailable',
              env: [{ name: 'REGION', value: 'eu' }],
            },
            { extensions: [{ name: 'client.authentication.k8s.io/exec', extension }] },
          ),
        )
        const env = { ACTIONS_RUNTIME_TOKEN: 'runtime', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request' }

        const result = await runStep({ inputs: { ...scenario.inputs, kubeconfig: path }, cwd: workspace, env })

        expect(result).toMatchObject({ code: 0, annotations: [] })
        expect(plugin.calls()).toBe(1)
        expect(existsSync(join(workspace, 'login.calls'))).toBe(false)
        const got = readFileSync(`${plugin.command}.env`, 'utf8')
        expect(got).not.toMatch(/^(INPUT_|STATE_|ACTIONS_RUNTIME)/m)
        expect(got).not.toContain(scenario.ibm.login.apiKey)
        expect(got).toMatch(/^REGION=eu$/m)
        expect(got).toMatch(/^ACTIONS_ID_TOKEN_REQUEST_TOKEN=request$/m)
        expect(JSON.parse(/^KUBERNETES_EXEC_INFO=(.*)$/m.exec(got)?.[1] ?? '')).toEqual({
          kind: 'ExecCredential',
          apiVersion: EXEC_V1,
          spec: {
            interactive: false,
            cluster: {
              server: scenario.kube.url,
              'certificate-authority-data': btoa(scenario.kube.certificateAuthority),
              config: extension,
            },
          },
        })
      })

      it('is called again, once, when its credential is rejected', async () => {
        await using scenario = await openScenario()
        using plugin = createPlugin([
          'if test "$(wc -l < "$0.calls")" -lt 2; then',
          credentialLine({ token: 'revoked' }),
          'else',
          credentialLine({ token: scenario.kube.adminToken }),
          'fi',
        ])

        const result = await scenario.run({
          kubeconfig: withExec(scenario.kube.kubeconfig(), { command: plugin.command }),
        })

        expect(result).toMatchObject({ code: 0, annotations: [] })
        expect(plugin.calls()).toBe(2)
      })

      it('whose credential is rejected twice is named by the hint', async () => {
        await using scenario = await openScenario()
        using plugin = createPlugin([credentialLine({ token: 'revoked-token' })])
        const kubeconfig = withExec(scenario.kube.kubeconfig(), { command: plugin.command })
        const result = await scenario.run({ kubeconfig })
        expectOneError(result, ['returned 401', 'The API server rejected the credential of the exec plugin'])
        expect(plugin.calls()).toBe(2)
      })

      it.each<[string, readonly string[], string]>([
        [
          'fails',
          [
            `echo "error: refresh_token=${PRINTED[1]} was refused; token: ${PRINTED[2]}" >&2`,
            `echo "id token ${PRINTED[0]}" >&2`,
            'echo "::error::planted" >&2',
            'exit 3',
          ],
          'failed with exit code 3',
        ],
        ['writes without end', ['exec yes hunter2-session'], 'wrote more than 1 MiB'],
        [
          'asks a person to sign in',
          [
            'echo "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code AB" >&2',
            'exec sleep 60',
          ],
          'Azure run `kubelogin convert-kubeconfig -l workloadidentity`',
        ],
        ['is not installed', [], 'is not installed. Run: brew install login'],
      ])('that %s is one error, without what it printed', async (title, lines, part) => {
        await using scenario = await openScenario()
        using plugin = createPlugin(lines)
        const exec =
          title === 'is not installed'
            ? { command: 'no-such-plugin', installHint: 'Run:\n  brew install login' }
            : { command: plugin.command }

        const result = await scenario.run({ kubeconfig: withExec(scenario.kube.kubeconfig(), exec) })

        expectOneError(result, [part])
        expect(scenario.requests(/^(?!kubernetes GET)/)).toEqual([])
        expect(plugin.calls()).toBe(title === 'is not installed' ? 0 : 1)
        for (const sentence of part.split('. ')) expect(result.summary).toContain(sentence)
        for (const secret of PRINTED) {
          const shown = [
            result.stdout.replace(/^::add-mask::.*$/gm, ''),
            result.stderr,
            result.summary,
            JSON.stringify(result.outputs),
          ]
          expect(shown.join('\n')).not.toContain(secret)
        }
        expect(result.summary + JSON.stringify(result.annotations)).not.toContain('refresh_token')
        if (title === 'fails') expect(result.log).toContain('error: refresh_token=*** was refused')
      })

      it.each<[string, object, string]>([
        [
          'relative to the folder of a text',
          { command: './login' },
          'relative to the folder of the kubeconfig, which a text does not have',
        ],
        [
          'that needs a terminal',
          { command: 'login', interactiveMode: 'Always' },
          'needs a terminal (interactiveMode: Always)',
        ],
        [
          'of a version that kubectl refuses',
          { command: 'login', apiVersion: 'client.authentication.k8s.io/v1alpha1' },
          'does not support',
        ],
      ])('%s is refused before any request', async (_, exec, part) => {
        await using scenario = await openScenario()
        const result = await scenario.run({ kubeconfig: withExec(scenario.kube.kubeconfig(), exec) })
        expectOneError(result, ['Input `kubeconfig` contains the exec plugin', part])
        expect(scenario.requests()).toEqual([])
      })

      it('does not outlive the run', async () => {
        await using scenario = await openScenario()
        using plugin = createPlugin(['sleep 300 & echo $! > "$0.pid"', 'wait'])

        const kubeconfig = withExec(scenario.kube.kubeconfig(), { command: plugin.command })
        const result = await scenario.run({ kubeconfig, timeout: '10s' })

        expectOneError(result, [`with \`${plugin.command}\`: the run took longer than its \`timeout\` of 10 s`])
        expect(await scenario.post(result)).toMatchObject({ code: 0 })
        const pid = Number(readFileSync(`${plugin.command}.pid`, 'utf8'))
        await vi.waitFor(() => expect(isRunning(pid)).toBe(false))
      })
    })

    describe('the CLI of IBM Cloud', () => {
      it('gets no input of the step', async () => {
        await using scenario = await openScenario()
        using folder = mkdtempDisposableSync(join(tmpdir(), 'cli-'))
        await installCli(folder.path, { uaaToken: scenario.ibm.login.uaaToken })
        const cli = join(folder.path, 'ibmcloud')
        writeFileSync(cli, readFileSync(cli, 'utf8').replace('\n', `\nenv > '${folder.path}/env'\n`))

        const result = await scenario.run(
          { 'api-key': '', username: '', password: '' },
          { PATH: `${folder.path}:${process.env.PATH}` },
        )

        expect(result).toMatchObject({ code: 0, annotations: [] })
        const got = readFileSync(join(folder.path, 'env'), 'utf8')
        expect(got).toMatch(/^PATH=/m)
        expect(got).not.toMatch(/^INPUT_/m)
      })
    })
  },
  { isLong: true },
)
