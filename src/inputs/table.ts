import { CLUSTER_INPUTS } from './table/cluster.ts'
import { CREDENTIAL_INPUTS } from './table/credential.ts'
import { DEPLOY_INPUTS } from './table/deploy.ts'
import { ROTATION_INPUTS } from './table/rotation.ts'
import type { InputRow, InputType } from './table/row.ts'
import { SECRET_INPUTS } from './table/secret.ts'

/**
 * Every input of the action. The reader, the checks between inputs, `action.yml` and the README's tables are made from
 * this table: `npm run docs` writes the last two.
 */
export const INPUTS = {
  ...CREDENTIAL_INPUTS,
  ...SECRET_INPUTS,
  ...CLUSTER_INPUTS,
  ...DEPLOY_INPUTS,
  ...ROTATION_INPUTS,
}

export type InputName = keyof typeof INPUTS

/** The names of the inputs of one type. */
export type NameOf<Type extends InputType> = {
  [Name in InputName]: (typeof INPUTS)[Name]['type'] extends Type ? Name : never
}[InputName]

export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[]

/** The inputs by group, in the order of the documentation. */
export const INPUT_GROUPS: readonly { readonly title: string; readonly inputs: Readonly<Record<string, InputRow>> }[] =
  [
    { title: 'Source of the credential', inputs: CREDENTIAL_INPUTS },
    { title: 'The secret', inputs: SECRET_INPUTS },
    { title: 'The cluster', inputs: CLUSTER_INPUTS },
    { title: 'Deploying', inputs: DEPLOY_INPUTS },
    { title: 'Rotation and running', inputs: ROTATION_INPUTS },
  ]
