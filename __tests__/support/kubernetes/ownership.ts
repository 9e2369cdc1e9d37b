// What a write does to the fields of others: the merge of server-side apply, its conflicts, the new owners.
import { compare, harvest, merge, type Path, paths, plant, remove, render } from './field-tree.ts'
import {
  fieldSet,
  isSame,
  type Manager,
  pathsOf,
  readManagers,
  transfer,
  type Writer,
  writeManagers,
} from './managed-fields.ts'
import type { KubernetesObject } from './resources.ts'
import { Refusal } from './status.ts'

/** The applied configuration merged into the live object: fields that this manager no longer applies and that have no other owner are removed. */
export function mergeApplied(
  live: KubernetesObject,
  configuration: KubernetesObject,
  writer: Writer,
): KubernetesObject {
  const stated = plant(configuration)
  const owned = fieldSet(paths(stated))
  const managers = readManagers(live)
  const previous = managers.find((manager) => isSame(manager, writer))?.owned ?? fieldSet([])
  const others = managers.filter((manager) => !isSame(manager, writer)).flatMap((manager) => pathsOf(manager.owned))
  const merged = merge(plant(live), stated) as ReturnType<typeof plant>
  for (const path of pathsOf(previous.difference(owned))) {
    if (![...others, ...pathsOf(owned)].some((other) => startsWith(other, path))) remove(merged, path)
  }
  const { resourceVersion, uid } = configuration.metadata
  const claimed = { ...(resourceVersion && { resourceVersion }), ...(uid && { uid }) }
  return harvest(merged, { ...live, metadata: { ...live.metadata, ...claimed } })
}

const startsWith = (path: Path, prefix: Path) => prefix.every((element, index) => path[index] === element)

/** `next` with its new owners. */
export function settle(
  live: KubernetesObject,
  next: KubernetesObject,
  writer: Writer,
  configuration?: { readonly applied: KubernetesObject; readonly force: boolean },
): KubernetesObject {
  const managers = readManagers(live)
  const difference = compare(plant(live), plant(next))
  if (configuration?.force === false) refuseConflicts(managers, writer, difference.changed)
  const owned =
    configuration === undefined ? updated(managers, writer, difference) : fieldSet(paths(plant(configuration.applied)))
  const managedFields = writeManagers(transfer(managers, writer, next.apiVersion, difference, owned))
  return { ...next, metadata: { ...next.metadata, managedFields } }
}

function updated(managers: readonly Manager[], writer: Writer, { changed, removed }: ReturnType<typeof compare>) {
  const before = managers.find((manager) => isSame(manager, writer))?.owned ?? fieldSet([])
  return before.union(fieldSet(changed)).difference(fieldSet(removed))
}

function refuseConflicts(managers: readonly Manager[], writer: Writer, changed: readonly Path[]): void {
  const conflicts = managers
    .filter((manager) => !isSame(manager, writer))
    .flatMap((manager) =>
      pathsOf(manager.owned.intersection(fieldSet(changed))).map((path) => ({ manager, field: render(path) })),
    )
  if (conflicts.length === 0) return
  const causes = conflicts.map(({ manager, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describe(manager)}`,
    field,
  }))
  throw new Refusal(409, 'Conflict', `Apply failed with ${summarize(conflicts)}`, { causes })
}

function summarize(conflicts: readonly { readonly manager: Manager; readonly field: string }[]): string {
  const [first] = conflicts
  if (first !== undefined && conflicts.length === 1) {
    return `1 conflict: conflict with ${describe(first.manager)}: ${first.field}`
  }
  const byManager = Map.groupBy(conflicts, ({ manager }) => describe(manager))
  const lines = [...byManager].map(
    ([manager, fields]) => `conflicts with ${manager}:\n${fields.map(({ field }) => `- ${field}`).join('\n')}`,
  )
  return `${conflicts.length} conflicts: ${lines.join('\n')}`
}

function describe({ manager, operation, subresource, apiVersion, time }: Manager): string {
  const writer = subresource === '' ? `"${manager}"` : `"${manager}" with subresource "${subresource}"`
  return operation === 'Apply' ? writer : `${writer} using ${apiVersion} at ${time}`
}
