import { basename, dirname } from 'node:path'

/** Files that are no manifests: another program renders manifests from them. */
const RENDERERS: Readonly<Record<string, string>> = {
  'kustomization.yaml': 'kubectl kustomize',
  'kustomization.yml': 'kubectl kustomize',
  'Chart.yaml': 'helm template',
  'values.yaml': 'helm template',
  'values.yml': 'helm template',
  'values.schema.json': 'helm template',
}

/** Separates manifests from the files that a program renders. */
export function separateSources(files: readonly string[]): {
  readonly manifests: readonly string[]
  readonly sources: readonly string[]
} {
  const isSource = (path: string) => basename(path) in RENDERERS
  return { manifests: files.filter((path) => !isSource(path)), sources: files.filter(isSource) }
}

/** What renders these files: `kubectl kustomize k8s/ > manifests.yaml`. */
export function renderCommands(sources: readonly string[]): string[] {
  const commands = sources.map((path) => `${RENDERERS[basename(path)]} ${dirname(path)} > manifests.yaml`)
  return [...new Set(commands)]
}
