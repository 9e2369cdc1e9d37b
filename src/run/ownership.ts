import type { Confirmation, Issuer, Ownership, StoredCredential } from '../issuer/issuer.ts'
import { mask } from '../runner/mask.ts'

/** Asks the issuer, once per stored token, whether this action minted it: anyone who may edit a secret can edit its annotations. */
export class OwnershipCheck {
  readonly #issuer: () => Promise<Issuer>
  readonly #responses = new Map<string, Promise<Ownership>>()

  constructor(issuer: () => Promise<Issuer>) {
    this.#issuer = issuer
  }

  /** @returns by the id of the token; `foreign` only when the issuer confirms none of its stored values */
  async of(references: readonly StoredCredential[]): Promise<ReadonlyMap<string, Ownership>> {
    const owned = new Map<string, Ownership>()
    for (const reference of references) {
      const ownership = await this.#ask(reference)
      if ((owned.get(reference.id) ?? 'foreign') === 'foreign') owned.set(reference.id, ownership)
    }
    return owned
  }

  async #ask({ id, value }: StoredCredential): Promise<Ownership> {
    const key = JSON.stringify([id, value])
    const known = this.#responses.get(key)
    if (known !== undefined) return await known
    const asked = this.#issuer()
      .then((issuer) => issuer.confirm({ id, value: mask(value) }))
      .then(ownershipOf)
    this.#responses.set(key, asked)
    // A request that fails is sent again when it is needed again.
    asked.catch(() => this.#responses.delete(key))
    return await asked
  }
}

function ownershipOf(confirmation: Confirmation): Ownership {
  if (confirmation === 'match') return 'ours'
  return confirmation === 'gone' ? 'gone' : 'foreign'
}
