// The behaviours that the action relies on, of the real API server and of the fake one alike.
import { afterAll, beforeAll, describe } from 'vitest'
import { describeReal } from '../describe-real.ts'
import { describeAccess } from './conformance/access.ts'
import { describeApply } from './conformance/apply.ts'
import { describeCustomResource } from './conformance/custom-resource.ts'
import { describeDiscovery } from './conformance/discovery.ts'
import { describeOwnership } from './conformance/ownership.ts'
import { describePod } from './conformance/pod.ts'
import { describeRead } from './conformance/read.ts'
import { describeSecret } from './conformance/secret.ts'
import { type ConformingServer, Subject } from './conformance/subject.ts'
import { describeWrite } from './conformance/write.ts'
import { startFakeApiServer } from './fake-api-server.ts'
import { startKubeApiserver } from './kube-apiserver.ts'
import { startProxy } from './proxy.ts'

describe('fake API server', () => describeConformance(() => startFakeApiServer()))

describe('fake API server behind the proxy', () =>
  describeConformance(async (resources) => startProxy(resources.use(await startFakeApiServer()))))

describeReal(['etcd', 'kube-apiserver'], 'kube-apiserver', () => describeConformance(() => startKubeApiserver()))

function describeConformance(start: (resources: AsyncDisposableStack) => Promise<ConformingServer>): void {
  const resources = new AsyncDisposableStack()
  let running: Subject | undefined
  beforeAll(async () => {
    running = new Subject(resources.use(await start(resources)))
  }, 120_000)
  afterAll(() => resources.disposeAsync())

  const subject = () => {
    if (running === undefined) throw new Error('the server did not start')
    return running
  }
  describeDiscovery(subject)
  describeAccess(subject)
  describeWrite(subject)
  describeApply(subject)
  describeOwnership(subject)
  describeSecret(subject)
  describePod(subject)
  describeCustomResource(subject)
  describeRead(subject)
}
