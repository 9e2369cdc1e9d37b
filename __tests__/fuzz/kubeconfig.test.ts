import fc from 'fast-check'
import { dump } from 'js-yaml'
import { vi } from 'vitest'
import { loadKubeConfig } from '../support/load-kubeconfig.ts'
import { expectThat, isPlainError } from './expect.ts'
import { fuzz, unlessRejected } from './fuzz.ts'
import { editedJson, editedText } from './hostile.ts'

vi.mock('../../src/runner/mask.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  // Fails for what is not a text, as the real one does.
  mask: (secret: string) => secret.trim() && secret,
}))

const config = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'lab',
  contexts: [
    { name: 'lab', context: { cluster: 'lab', user: 'admin', namespace: 'shop' } },
    { name: 'two', context: { cluster: 'two', user: 'exec' } },
  ],
  clusters: [
    { name: 'lab', cluster: { server: 'https://10.0.0.1:6443', 'certificate-authority-data': 'Q0E=' } },
    {
      name: 'two',
      cluster: { server: 'http://127.0.0.1:8001', 'insecure-skip-tls-verify': true, 'proxy-url': 'http://p' },
    },
  ],
  users: [
    { name: 'admin', user: { token: 's3cr3t-value', username: 'a', password: 'b' } },
    {
      name: 'exec',
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'aws',
          args: ['eks'],
          env: [{ name: 'A', value: 'b' }],
        },
        'auth-provider': { name: 'oidc', config: { 'id-token': 'x.y.z' } },
        tokenFile: 'token',
      },
    },
  ],
}
const yaml = dump(config)

/** An error for the input `kubeconfig`: it quotes nothing of the text. */
function isDocumented(error: unknown): boolean {
  return isPlainError(error) && /^(is not|cannot be read|has )[^\n]{0,200}$/.test((error as Error).message)
}

function check(text: string): void {
  const loaded = unlessRejected(() => loadKubeConfig({ kind: 'text', text }), isDocumented)
  if (loaded === undefined) return
  for (const { name } of loaded.getContexts()) {
    const context = loaded.getContextObject(name)
    if (context === null) continue
    loaded.getCluster(context.cluster)
    loaded.getUser(context.user)
  }
  expectThat(typeof (loaded.getCurrentContext() ?? '') === 'string', 'a text', loaded.getCurrentContext())
}

fuzz('kubeconfig', 'any YAML is loaded, or rejected without a word of it', {
  cases: fc.oneof(editedText([yaml]), editedText([JSON.stringify(config)])),
  share: 0.5,
  check,
})

fuzz('kubeconfig', 'any structure is loaded, or rejected without a word of it', {
  cases: editedJson([config]),
  share: 0.5,
  check,
})
