// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these templates are what is tested
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../src/workload/manifest.ts'

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n'
const second = (apiVersion: string, kind: string, rest: string) =>
  `${CONFIG_MAP}---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: web\n${rest}`
const container = (line: string) =>
  second(
    'apps/v1',
    'Deployment',
    `spec:\n  template:\n    spec:\n      containers:\n      - name: a\n        ${line}\n`,
  )

describe('a template that was not rendered', () => {
  it.each([
    ['a value', container('image: {{ .Values.image }}'), 15, '{{ .Values.image }}'],
    ['a part of a value', container('image: app:{{ .Values.tag }}'), 15, '{{ .Values.tag }}'],
    ['a quoted value', container('image: "{{ .Values.image }}"'), 15, '{{ .Values.image }}'],
    ['an expression of GitHub', container("image: 'app:${{ github.sha }}'"), 15, '${{ github.sha }}'],
    ['a number', second('apps/v1', 'Deployment', 'spec:\n  replicas: "{{ replicas }}"\n'), 11, '{{ replicas }}'],
    ['an item of a list', container('args: [{{ .Values.x }}]'), 15, '{{ .Values.x }}'],
    ['an env value of Helm', container('env: [{name: A, value: "{{ .Values.a }}"}]'), 15, '{{ .Values.a }}'],
    ['data of Helm', second('v1', 'ConfigMap', 'data:\n  a: "{{ include \\"x\\" . }}"\n'), 11, '{{ include "x" . }}'],
    ['a variable', container('image: app:${TAG}'), 15, '${TAG}'],
    [
      'a variable in another value',
      second('apps/v1', 'Deployment', 'spec:\n  replicas: ${REPLICAS}\n'),
      11,
      '${REPLICAS}',
    ],
    ['a variable without braces in an image', container('image: app:$TAG'), 15, '$TAG'],
    ['ERB', container('image: app:<%= tag %>'), 15, '<%= tag %>'],
    ['a token of Azure DevOps', container('image: app:#{TAG}#'), 15, '#{TAG}'],
    ['a token of Azure DevOps that YAML reads as a comment', container('image: #{IMAGE}#'), 15, '#{IMAGE}'],
    ['a placeholder in an image', container('image: app:__TAG__'), 15, '__TAG__'],
    ['a placeholder for a value', second('v1', 'Service', 'spec: {type: __TYPE__}\n'), 10, '__TYPE__'],
    ['another placeholder in an image', container('image: app:%TAG%'), 15, '%TAG%'],
    ['a gap in an image', container('image: <registry>/app:1'), 15, '<registry>'],
    ['a name with a variable', second('v1', 'Service', '').replace('name: web', 'name: "${NAME}"'), 9, '${NAME}'],
    [
      'a namespace',
      second('v1', 'Service', '')
        .replace('web', 'web\n  namespace: [[ ns ]]')
        .replace('[[', '"[[')
        .replace(']]', ']]"'),
      10,
      '[[ ns ]]',
    ],
    [
      'a value of Helm in a custom resource',
      second('argoproj.io/v1alpha1', 'Rollout', 'spec: {image: "{{ .Values.image }}"}\n'),
      10,
      '{{ .Values.image }}',
    ],
    [
      'the name of a custom resource',
      second('example.com/v1', 'Shop', '').replace('name: web', 'name: "{{ x }}"'),
      9,
      '{{ x }}',
    ],
    [
      'the item of a list',
      second(
        'v1',
        'List',
        `items:\n- ${CONFIG_MAP.replace('name: x', "name: '{{ x }}'").replaceAll('\n', '\n  ')}`,
      ).replace(/metadata:\n {2}name: web\n/, ''),
      12,
      '{{ x }}',
    ],
  ])('is an error as %s', (_, text, line, template) => {
    expect(() => parseManifest(text, 'k8s/web.yaml')).toThrow(
      `k8s/web.yaml, document 2 (line ${line}) contains a template that was not rendered: ${template}`,
    )
  })

  it('is an error as a line of its own', () => {
    expect(() =>
      parseManifest(second('v1', 'Service', '{{- if .Values.x }}\nspec: {}\n{{- end }}\n'), 'a.yaml'),
    ).toThrow(/^a\.yaml, .*\(?line 10\)? contains a template that was not rendered: \{\{- if \.Values\.x \}\}/)
  })

  it.each([
    ['Jinja', '{% if x %}\nspec: {}\n{% endif %}\n', 10, '{% if x %}'],
    ['ERB', '<% if x %>\nspec: {}\n<% end %>\n', 10, '<% if x %>'],
    ['Helm that ends on a later line', '{{- /* a\n b */}}\nspec: {}\n', 10, '{{- /* a'],
  ])('is an error as a line of %s', (_, text, line, template) => {
    expect(() => parseManifest(second('v1', 'Service', text), 'a.yaml')).toThrow(
      `a.yaml, line ${line} contains a template that was not rendered: ${template}`,
    )
  })

  it('is an error as a comment of Helm before everything else', () => {
    expect(() => parseManifest(`{{/* a */}}\n${CONFIG_MAP}`, 'a.yaml')).toThrow(
      'a.yaml, line 1 contains a template that was not rendered: {{/* a */}}.',
    )
  })

  it('comes with what renders it', () => {
    const hintOf = (line: string) => {
      try {
        return String(parseManifest(container(line), 'a.yaml'))
      } catch (error) {
        return (error as Error).message.split('rendered: ')[1]
      }
    }
    expect(hintOf('image: app:{{ tag }}')).toContain('`helm template`')
    expect(hintOf('image: app:${TAG}')).toContain('`envsubst`')
    expect(hintOf('image: app:${{ github.sha }}')).toContain('set `images`')
    expect(hintOf('image: app:<% tag %>')).toBe('<% tag %>. Render it before this step')
  })

  it.each([
    ['a block of text', second('v1', 'ConfigMap', 'data:\n  rules: |\n    summary: {{ .Values.x }} ${{ y }}\n')],
    ['data', second('v1', 'ConfigMap', 'data:\n  message: "{{ $labels.instance }} is down"\n')],
    ['annotations', container('x: y').replace('name: web', 'name: web\n  annotations: {a: "{{ with secret }}"}')],
    [
      'an alert rule',
      second(
        'monitoring.coreos.com/v1',
        'PrometheusRule',
        'spec: {annotations: {a: "{{ $value }}"}, b: "{{ $labels.x }}"}\n',
      ),
    ],
    [
      'a workflow of Argo',
      second('argoproj.io/v1alpha1', 'Workflow', 'spec: {image: "{{inputs.parameters.image}}"}\n'),
    ],
    ['arguments of a program', container('args: ["--format", "{{.Name}}"]')],
    ['a variable of Kubernetes', container('args: ["$(NAME)", "${NAME}"]')],
    ['a variable for a program', second('v1', 'Secret', 'stringData: {url: "https://${HOST}"}\n')],
    ['an env value with a variable', container('env: [{name: A, value: "${HOME}/a"}]')],
    [
      'the description of a custom resource',
      second(
        'apiextensions.k8s.io/v1',
        'CustomResourceDefinition',
        "spec: {group: a.b, names: {plural: as}, x: 'for example {{ .x }} or ${x}'}\n",
      ),
    ],
    ['a name with underscores', second('v1', 'Service', 'spec: {a: __meta__, b: "A__B__"}\n')],
    [
      'the parameters of a StorageClass',
      second(
        'storage.k8s.io/v1',
        'StorageClass',
        'parameters: {csi.storage.k8s.io/node-publish-secret-name: "${pvc.name}"}\n',
      ),
    ],
    ['a comment', container('tty: true #{TAG}#')],
    ['an env value of a program', container('env: [{name: FORMAT, value: "{{.Time}} {{.Message}}"}]')],
  ])('is valid in %s', (_, text) => {
    expect(parseManifest(text, 'web.yaml')).toHaveLength(2)
  })
})
