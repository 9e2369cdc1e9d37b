import { access } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { filesOfKustomization, isKustomization } from './kustomization.ts'

/** Files that are no manifests, since another program renders manifests from them. */
export interface Separated {
  readonly manifests: readonly string[]
  readonly sources: readonly string[]
  /** What renders the sources: `kubectl kustomize k8s/ > manifests.yaml`. */
  readonly commands: readonly string[]
}

const CHART_FILES = ['Chart.yaml', 'values.yaml', 'values.yml', 'values.schema.json', 'requirements.yaml']
/** Such as `values-production.yaml`, in the folder of a chart. */
const CHART_VALUES = /^(?:values[-._].*|.*[-._]values)\.ya?ml$/

/** Separates manifests from the files that a program renders. */
export async function separateSources(files: readonly string[]): Promise<Separated> {
  const kustomizations = files.filter(isKustomization)
  const used = new Set((await Promise.all(kustomizations.map(filesOfKustomization))).flat())
  const charts = await chartsOf(files)
  const isSource = (path: string) => isKustomization(path) || used.has(resolve(path)) || charts.has(path)
  const commands = [
    ...kustomizations.map((path) => `kubectl kustomize ${dirname(path)} > manifests.yaml`),
    ...[...charts.values()].map((chart) => `helm template ${chart} > manifests.yaml`),
  ]
  return {
    manifests: files.filter((path) => !isSource(path)),
    sources: files.filter(isSource),
    commands: [...new Set(commands)],
  }
}

/** The folders of charts, by the files that belong to them. */
async function chartsOf(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const charts = new Map<string, string>()
  const known = new Map<string, Promise<boolean>>()
  const isChart = (folder: string) => {
    const found = known.get(folder) ?? exists(join(folder, 'Chart.yaml'))
    known.set(folder, found)
    return found
  }
  for (const path of files) {
    const folder = dirname(path)
    const name = basename(path)
    // https://helm.sh/docs/topics/charts/#the-chart-file-structure
    const index = folder.split(sep).lastIndexOf('templates')
    const parent = index === -1 ? undefined : folder.split(sep).slice(0, index).join(sep) || '.'
    if (CHART_FILES.includes(name)) charts.set(path, folder)
    else if (parent !== undefined && (await isChart(parent))) charts.set(path, parent)
    else if (CHART_VALUES.test(name) && (await isChart(folder))) charts.set(path, folder)
  }
  return charts
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
