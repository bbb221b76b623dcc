// Every command there is, in the order in which a library meets them; the help shows them in this order.
import { answeringSet, answeringShow, answersSet } from './answering.ts'
import { backup } from './backup.ts'
import { campaignCreate } from './campaign-create.ts'
import { campaignLaunch } from './campaign-launch.ts'
import { campaignPreview } from './campaign-preview.ts'
import { campaignList, campaignStatusCommand } from './campaign-status.ts'
import { campaignApprove, campaignCancel, campaignPause, campaignResume } from './campaign-steps.ts'
import type { Command } from './command.ts'
import { consentBundle } from './consent-bundle.ts'
import { consentEvidence } from './consent-evidence.ts'
import { consentHistory } from './consent-history.ts'
import { consentImport } from './consent-import.ts'
import { consentLink } from './consent-link.ts'
import { consentNoPhone } from './consent-no-phone.ts'
import { consentSet } from './consent-set.ts'
import { demo } from './demo.ts'
import { fixUpsClose, fixUpsList } from './fix-ups.ts'
import { headAdd, headEnd, headList, headSend } from './head.ts'
import { holdAdd, holdEnd, holdList } from './hold.ts'
import { hooksAgain, hooksClose, hooksList, hooksShow } from './hooks.ts'
import { invitations } from './invitations.ts'
import { joinSnippetCommand } from './join-snippet.ts'
import { keyAdd, keyEnd, keyList } from './key.ts'
import { keysRotate } from './keys-rotate.ts'
import { kit } from './kit.ts'
import { lapsed } from './lapsed.ts'
import { ledgerHead } from './ledger-head.ts'
import { ledgerVerify } from './ledger-verify.ts'
import { libraryAdd } from './library-add.ts'
import { libraryList } from './library-list.ts'
import { librarySet } from './library-set.ts'
import { lineAdd, lineList, lineSet } from './line.ts'
import { lineEnd } from './line-end.ts'
import {
  mailAddress,
  mailAddresses,
  mailAgain,
  mailAllow,
  mailClose,
  mailDisallow,
  mailKept,
  mailSources,
} from './mail-door.ts'
import { mailIn } from './mail-in.ts'
import { migrateCommand } from './migrate.ts'
import { noticesImport, noticesResults } from './notices.ts'
import { offersSet } from './offers-set.ts'
import { offersShow } from './offers-show.ts'
import { patronErase } from './patron-erase.ts'
import { patronShow } from './patron-show.ts'
import { policyLoosen, policyShow, policyTighten } from './policy.ts'
import { requestAdd, requestDecide, requestList, requestPassOn } from './request.ts'
import { restore } from './restore.ts'
import { resume } from './resume.ts'
import { retentionPatron, retentionShow, retentionSweep } from './retention.ts'
import { rosterImport } from './roster-import.ts'
import { serve } from './serve.ts'
import { standingCheck } from './standing-check.ts'
import { tasksClose } from './tasks-close.ts'
import { tasksList } from './tasks-list.ts'
import { unanswered } from './unanswered.ts'
import { why } from './why.ts'
import { work } from './work.ts'

export const commands: readonly Command[] = [
  serve,
  work,
  demo,
  migrateCommand,
  libraryAdd,
  librarySet,
  libraryList,
  rosterImport,
  offersSet,
  offersShow,
  joinSnippetCommand,
  invitations,
  kit,
  consentImport,
  consentSet,
  consentNoPhone,
  consentLink,
  consentHistory,
  consentEvidence,
  consentBundle,
  lapsed,
  campaignCreate,
  campaignPreview,
  campaignApprove,
  campaignLaunch,
  campaignStatusCommand,
  campaignPause,
  campaignResume,
  campaignCancel,
  campaignList,
  why,
  patronShow,
  patronErase,
  tasksList,
  tasksClose,
  mailIn,
  mailAllow,
  mailSources,
  mailDisallow,
  mailAddress,
  mailAddresses,
  mailKept,
  mailAgain,
  mailClose,
  lineAdd,
  lineSet,
  lineEnd,
  lineList,
  hooksList,
  hooksShow,
  hooksAgain,
  hooksClose,
  answeringSet,
  answeringShow,
  answersSet,
  noticesImport,
  noticesResults,
  unanswered,
  fixUpsList,
  fixUpsClose,
  ledgerVerify,
  ledgerHead,
  standingCheck,
  keysRotate,
  keyAdd,
  keyList,
  keyEnd,
  policyShow,
  policyLoosen,
  policyTighten,
  retentionShow,
  retentionSweep,
  retentionPatron,
  holdAdd,
  holdEnd,
  holdList,
  requestAdd,
  requestDecide,
  requestList,
  requestPassOn,
  headAdd,
  headList,
  headEnd,
  headSend,
  backup,
  restore,
  resume,
]
