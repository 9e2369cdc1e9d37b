import { parseManifest } from '../../src/workload/manifest.ts'
import { expectThat, isPlainError } from './expect.ts'
import { fuzz, unlessRejected } from './fuzz.ts'
import { editedJson, editedText } from './hostile.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'us.icr.io/team/app:1' }] } } },
}
const yaml = `apiVersion: v1
kind: Pod
metadata: {name: "web", labels: &labels {app: web}}
spec:
  containers:
    - name: web
      image: 'us.icr.io/team/app:1'
      command: [sh, -c, |-
        echo 1
      ]
---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    <<: *labels
spec: {selector: *labels, ports: [{port: 80, targetPort: 0x50}]}
...
---
# Only a comment.
`
const bomb = `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
a: &a [1,1,1,1,1,1,1,1]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b]
d: [*c,*c,*c]
`

function check(text: string): void {
  const isDocumented = (error: unknown) =>
    isPlainError(error) && (error as Error).message.startsWith('app.yaml') && (error as Error).message.length < 1000
  const objects = unlessRejected(() => parseManifest(text, 'app.yaml'), isDocumented) ?? []
  for (const { apiVersion, kind, metadata } of objects) {
    const isObject = [apiVersion, kind, metadata.name].every((one) => typeof one === 'string' && one !== '')
    expectThat(isObject, 'an object with its names', metadata)
  }
}

fuzz('manifest', 'any YAML is read, or rejected with the name of its file', {
  cases: editedText([yaml, yaml, bomb, JSON.stringify(deployment)]),
  share: 0.5,
  check,
})

fuzz('manifest', 'any structure is read, or rejected with the name of its file', {
  cases: editedJson([deployment, { apiVersion: 'v1', kind: 'List', items: [deployment, deployment] }]),
  share: 0.5,
  check,
})
