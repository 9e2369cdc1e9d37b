import { MANAGER_NAME } from '../core/constants.ts'
import { asObject, asObjects, asText } from '../core/json.ts'
import { compareTexts } from '../core/order.ts'
import { isForbidden } from '../http/errors.ts'
import type { ApiServer, ClusterRequest } from '../kubernetes/client.ts'
import { waitAfterConflict } from '../kubernetes/conflict.ts'
import { type ApiObject, metadataOf } from '../kubernetes/object.ts'
import { info } from '../runner/log.ts'

/** The names by which versions of `kubectl apply` own fields; an object that is older than the owners has the last one. */
const CLIENT_SIDE_MANAGERS = ['kubectl-client-side-apply', 'kubectl', 'before-first-apply']
/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-managers */
const SERVER_SIDE_MANAGER = 'kubectl'

/** What was found in an object before it is applied. */
export interface Takeover {
  /** Whether there was something to take over. */
  readonly isTakenOver: boolean
  /** The other programs that own fields of it. */
  readonly others: readonly string[]
}

/**
 * Takes over what `kubectl apply` owns in an object that exists, with or without `--server-side`, so the next server-side
 * apply removes what the manifest no longer has, as the same `kubectl apply` would. Without it, removed fields stay, and a
 * changed port becomes two:
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply.
 * A user who may not read the object applies without it.
 */
export async function takeOverClientSideFields(
  server: ApiServer,
  { operation, path }: Pick<ClusterRequest, 'operation' | 'path'>,
  name: string,
): Promise<Takeover> {
  for (let attempt = 1; ; attempt++) {
    const object = await readObject(server, { operation, path })
    const entries = asObjects(metadataOf(object).managedFields)
    const managedFields = withoutClientSide(entries)
    if (managedFields === undefined) return { isTakenOver: false, others: otherManagers(entries) }
    const { resourceVersion } = metadataOf(object)
    const body = [
      { op: 'replace', path: '/metadata/managedFields', value: managedFields },
      // A `test` would fail with 422. This one is a conflict when the object has changed.
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ]
    try {
      const contentType = 'application/json-patch+json'
      await server.request({
        operation,
        path,
        method: 'PATCH',
        query: { fieldManager: MANAGER_NAME },
        contentType,
        body,
      })
      info(`${name} was applied with kubectl before. This run takes over its fields`)
      return { isTakenOver: true, others: otherManagers(managedFields) }
    } catch (error) {
      await waitAfterConflict(error, attempt)
    }
  }
}

/** Whether `kubectl apply` made an object before, so a run would take over its fields. */
export async function hasClientSideFields(
  server: ApiServer,
  { operation, path }: Pick<ClusterRequest, 'operation' | 'path'>,
): Promise<boolean> {
  const object = await readObject(server, { operation, path })
  return withoutClientSide(asObjects(metadataOf(object).managedFields)) !== undefined
}

function otherManagers(entries: readonly ApiObject[]): string[] {
  const others = entries.filter((entry) => !isOwn(entry) && !entry.subresource)
  return [...new Set(others.flatMap(({ manager }) => asText(manager) ?? []))]
}

/** Empty when it does not exist, or the user may not read it. */
export async function readObject(
  server: ApiServer,
  request: Pick<ClusterRequest, 'operation' | 'path'>,
): Promise<ApiObject> {
  try {
    const { operation, path } = request
    const response = await server.request({ operation, path, expectedStatuses: [404] })
    return response.status === 404 ? {} : response.json()
  } catch (error) {
    if (isForbidden(error)) return {}
    throw error
  }
}

/**
 * The owners of an object's fields after the entries of `kubectl apply` are added to that of this action, as kubectl does
 * it: https://github.com/kubernetes/client-go/blob/master/util/csaupgrade/upgrade.go. Undefined when there are none.
 */
export function withoutClientSide(entries: readonly ApiObject[]): ApiObject[] | undefined {
  const clientSide = entries.filter(isClientSide)
  const [latest] = clientSide.toSorted((one, other) => compareTexts(timeOf(other), timeOf(one)))
  if (latest === undefined) return undefined
  const own = entries.find(isOwn) ?? { ...latest, manager: MANAGER_NAME, operation: 'Apply' }
  // The fields of another version of the API may have other names.
  const added = clientSide.filter(({ apiVersion }) => apiVersion === own.apiVersion).map(({ fieldsV1 }) => fieldsV1)
  const fieldsV1 = [own.fieldsV1, ...added].reduce<Fields>((all, fields) => union(all, asFields(fields)), {})
  return [{ ...own, fieldsV1 }, ...entries.filter((entry) => !isOwn(entry) && !isClientSide(entry))]
}

function isClientSide({ manager, operation, subresource }: ApiObject): boolean {
  if (subresource) return false
  if (operation === 'Apply') return manager === SERVER_SIDE_MANAGER
  return operation === 'Update' && CLIENT_SIDE_MANAGERS.includes(asText(manager) ?? '')
}

function isOwn({ manager, operation, subresource }: ApiObject): boolean {
  return manager === MANAGER_NAME && operation === 'Apply' && !subresource
}

const timeOf = ({ time }: ApiObject) => asText(time) ?? ''

/** https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#fieldsv1-v1-meta */
type Fields = Readonly<Record<string, unknown>>

const asFields = (value: unknown): Fields => asObject(value)

/** An empty set stands for a field itself, `.` for a field itself in addition to fields in it. */
function union(one: Fields, other: Fields): Fields {
  const result: Record<string, unknown> = { ...one }
  for (const [name, fields] of Object.entries(other)) {
    const present = one[name]
    if (present === undefined) result[name] = fields
    else if (isLeaf(present) !== isLeaf(fields)) result[name] = { ...asFields(present), ...asFields(fields), '.': {} }
    else result[name] = union(asFields(present), asFields(fields))
  }
  return result
}

const isLeaf = (fields: unknown) => Object.keys(asFields(fields)).length === 0
