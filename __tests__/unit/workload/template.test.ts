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
    ['an env value of a program', container('env: [{name: FORMAT, value: "{{.Time}} {{.Message}}"}]')],
  ])('is valid in %s', (_, text) => {
    expect(parseManifest(text, 'web.yaml')).toHaveLength(2)
  })
})
