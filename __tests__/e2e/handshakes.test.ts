// All requests of a run to a cluster share one connection, when the server speaks HTTP/2: so one TLS handshake.
import { expect, it } from 'vitest'
import { startForwarder } from '../bench/forwarder.ts'
import { describeReal } from '../support/describe-real.ts'
import { staticInputs } from '../support/ibm/inputs.ts'
import { kubeconfig } from '../support/kubernetes/kubeconfig.ts'
import { runStep } from '../support/runner/runner.ts'
import { sharedServer } from '../support/shared-servers/shared.ts'
import { openFakeScenario, SECRET } from './harness.ts'

describeReal(['etcd', 'kube-apiserver'], 'on kube-apiserver', () => {
  it('a run over 40 namespaces opens one connection to the cluster, and so does one that changes nothing', async () => {
    await using resources = new AsyncDisposableStack()
    const { url, certificateAuthority, adminToken } = await sharedServer('apiserver')
    const forwarder = resources.use(await startForwarder(Number(new URL(url).port)))
    const { ibm } = resources.use(await openFakeScenario())
    const namespaces = Array.from({ length: 40 }, (_, n) => `handshakes-${n}`)
    const inputs = {
      ...staticInputs(ibm, ibm.mintToken().value),
      'verify-image': `${ibm.image.repository}:${ibm.image.tag}`,
      kubeconfig: kubeconfig([
        {
          context: 'forwarded',
          server: `https://127.0.0.1:${forwarder.port}`,
          certificateAuthority,
          user: { token: adminToken },
        },
      ]),
      namespaces: namespaces.join(),
      'create-namespaces': 'true',
      'secret-name': SECRET,
    }
    for (const changed of ['true', 'false']) {
      forwarder.takeConnections()
      const { code, outputs, annotations } = await runStep({ inputs })
      expect({ code, annotations, changed: outputs.changed }).toEqual({ code: 0, annotations: [], changed })
      expect(forwarder.takeConnections()).toBe(1)
    }
  })
})
