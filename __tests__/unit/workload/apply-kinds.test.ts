// An object of each kind that people deploy is created by its first apply, and left as it is by the second: some kinds have a
// storage of their own in the API server.
import { expect, it } from 'vitest'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { applyTo } from '../../support/apply-to.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeReal } from '../../support/describe-real.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const POD_SPEC = 'spec: {containers: [{name: web, image: team/web, resources: {limits: {cpu: 1, memory: 1.5e+7}}}]}'
const TEMPLATE = `template: {metadata: {labels: {app: web}}, ${POD_SPEC}}`
const SELECTOR = 'selector: {matchLabels: {app: web}}'
const RULES = 'rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]'
const SUBJECTS = 'subjects: [{kind: ServiceAccount, name: web, namespace: default}]'
const RBAC = 'rbac.authorization.k8s.io'
const CLAIM = 'spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1000000}}}'
const BACKEND = 'spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}'
const SCALED = 'scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 2'
const SCHEMA = 'versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]'

/** Kind, version, and the rest of the object. */
const KINDS: readonly (readonly [kind: string, apiVersion: string, rest: string])[] = [
  ['ConfigMap', 'v1', 'data: {a: "1"}'],
  ['Secret', 'v1', 'data: {a: YQ==}'],
  ['Service', 'v1', 'spec: {selector: {app: web}, ports: [{port: 80, name: a}, {port: 80, protocol: UDP, name: b}]}'],
  ['ServiceAccount', 'v1', ''],
  ['Endpoints', 'v1', 'subsets: []'],
  ['Pod', 'v1', POD_SPEC],
  ['PersistentVolumeClaim', 'v1', CLAIM],
  ['LimitRange', 'v1', 'spec: {limits: [{type: Container, default: {cpu: 1}}]}'],
  ['ResourceQuota', 'v1', 'spec: {hard: {configmaps: 100}}'],
  ['ReplicationController', 'v1', `spec: {replicas: 0, selector: {app: web}, ${TEMPLATE}}`],
  ['PodTemplate', 'v1', TEMPLATE],
  ['Namespace', 'v1', ''],
  ['PersistentVolume', 'v1', 'spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /none}}'],
  ['Deployment', 'apps/v1', `spec: {replicas: 0, ${SELECTOR}, ${TEMPLATE}}`],
  ['StatefulSet', 'apps/v1', `spec: {replicas: 0, serviceName: web, ${SELECTOR}, ${TEMPLATE}}`],
  ['DaemonSet', 'apps/v1', `spec: {${SELECTOR}, ${TEMPLATE}}`],
  ['ReplicaSet', 'apps/v1', `spec: {replicas: 0, ${SELECTOR}, ${TEMPLATE}}`],
  ['Job', 'batch/v1', 'spec: {template: {spec: {restartPolicy: Never, containers: [{name: web, image: team/web}]}}}'],
  ['Ingress', 'networking.k8s.io/v1', BACKEND],
  ['IngressClass', 'networking.k8s.io/v1', 'spec: {controller: example.com/web}'],
  ['NetworkPolicy', 'networking.k8s.io/v1', 'spec: {podSelector: {}}'],
  ['HorizontalPodAutoscaler', 'autoscaling/v1', `spec: {${SCALED}}`],
  ['Lease', 'coordination.k8s.io/v1', 'spec: {leaseDurationSeconds: 60}'],
  ['PriorityClass', 'scheduling.k8s.io/v1', 'value: 1'],
  ['StorageClass', 'storage.k8s.io/v1', 'provisioner: example.com/none'],
  ['RuntimeClass', 'node.k8s.io/v1', 'handler: none'],
  ['Role', `${RBAC}/v1`, RULES],
  ['ClusterRole', `${RBAC}/v1`, RULES],
  ['RoleBinding', `${RBAC}/v1`, `roleRef: {apiGroup: ${RBAC}, kind: Role, name: web}\n${SUBJECTS}`],
  ['ClusterRoleBinding', `${RBAC}/v1`, `roleRef: {apiGroup: ${RBAC}, kind: ClusterRole, name: web}\n${SUBJECTS}`],
  ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'webhooks: []'],
  [
    'CustomResourceDefinition',
    'apiextensions.k8s.io/v1',
    `spec: {group: kinds.example.com, scope: Namespaced, names: {plural: webs, kind: Web}, ${SCHEMA}}`,
  ],
]

describeReal(['etcd', 'kube-apiserver'], 'an object that does not exist', () => {
  describeServers((server) => {
    it.each(KINDS)('is created: %s', async (kind, apiVersion, rest) => {
      const namespace = `kinds-${kind.toLowerCase()}`
      await server().createNamespace(namespace)
      const name = kind === 'CustomResourceDefinition' ? 'webs.kinds.example.com' : `web-${kind.toLowerCase()}`
      const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\n${rest}\n`
      const [object] = parseManifest(text, 'the manifest')
      if (object === undefined) throw new Error('no object')
      const options = { dryRun: false, recreate: [], signal: new AbortController().signal }
      const cluster = connectTo(server())

      const { uid, path } = await applyTo(cluster, namespace, object, options)
      expect(uid).not.toBe('')
      expect((await applyTo(cluster, namespace, object, options)).uid).toBe(uid)
      const { metadata } = (await server().request('GET', path)).body
      expect(metadata).toMatchObject({ name, uid })
      // Cluster-scoped objects would stay for other files.
      if (!path.includes('/namespaces/')) await server().request('DELETE', path)
    })
  })
})
