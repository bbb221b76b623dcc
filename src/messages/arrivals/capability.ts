// What the mail door hands mail to. A capability says at which address it is reached, who may write to it, and what it does
// with a mail; it knows nothing of SMTP, and the door knows nothing of what it does.
import type { ReadMail } from '../../channels/email/read-mail.ts'
import type { LibraryNo, Scope } from '../../db/scope.ts'
import type { Library } from '../../patrons/library.ts'

/** Without a domain: at the installation's own. 'tag' is answer+TOKEN@, 'phone' a number of ten digits before the @. */
export type AddressForm =
  | { kind: 'phone'; domain?: string }
  | { kind: 'name' | 'tag'; localPart: string; domain?: string }

export interface HandedMail {
  /** The same mail is handed on once; the number is good for saying so. */
  arrivalNo: string
  /** Of the envelope. */
  from: string
  to: string
  peer: string
  authenticatedAs: string | null
  /** The address in From, when its domain has signed the mail: only then is it proven. */
  verifiedAddress: string | null
  arrivedAt: Date
  mail: ReadMail
}

/** 'kept': nothing can be done with it, and a person has to look. */
export type Handled = { kind: 'done'; said: string } | { kind: 'kept'; why: string }

export interface StoringCapability {
  capability: string
  at: AddressForm
  /** 'known': the sources of a library. 'noted': anybody, and it is found out who they can prove to be. 'anybody': the address itself is the proof. */
  senders: 'known' | 'noted' | 'anybody'
  /** A sentence when nothing here can ever be done for this address: its sender hears it while still at the door. */
  whyNot?(localPart: string): string | null
  /** Whose mail it is, where the address itself says so; null = nobody's, and it is refused. */
  libraryOf?(tag: string): Promise<LibraryNo | null>
  /**
   * In one transaction with the mail's own end: what is written in `scope` and that the mail is done is kept or undone
   * together. Calls no provider. What it throws is tried again, ten times in all, and then kept for a person.
   */
  receive(scope: Scope<'circulation'>, library: Library, mail: HandedMail, now: Date): Promise<Handled>
}

/** For mail whose library stands inside it, and that must act at once: done before 250 is said, and nothing is stored. */
export interface ObeyingCapability {
  capability: string
  at: AddressForm
  obey(raw: Buffer, now: Date): Promise<void>
}

export type Capability = StoringCapability | ObeyingCapability
