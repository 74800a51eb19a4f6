// Written by `python -m hub.wire.typescript` from the types of the server. Do not edit.

export type Role = "requester" | "proximity_physician" | "technologist" | "regulator" | "radiologist" | "subspecialist" | "coordinator" | "physicist" | "quality" | "auditor" | "admin" | "support" | "service";
export type Stage = "requested" | "info_needed" | "claimed" | "justified" | "protocolled" | "protocol_acknowledged" | "ready" | "acquiring" | "acquired" | "images_available" | "reading" | "reported_prelim" | "reported_final" | "acknowledged" | "closed" | "refused" | "substituted" | "cancelled" | "aborted";
export type Urgency = "P0" | "P1" | "P2" | "P3";

export interface Patient {
  birth_name: string;
  given: string;
  used_name: string;
  dob: string;
  sex: "M" | "F" | "U";
  ipp: string;
  ins: string;
  identity: "provisional" | "validated" | "qualified" | "merged" | "suspect";
  weight_kg: number | null;
  height_cm: number | null;
}

export interface Labs {
  creatinine_umol_l: number | null;
  egfr: number | null;
  egfr_formula: string;
  egfr_date: string;
  d_dimer_ng_ml: number | null;
  bhcg: "positive" | "negative" | "unknown" | null;
}

export interface Contraindications {
  allergy_contrast: "none" | "mild" | "severe" | "unknown" | null;
  prior_reaction: string;
  renal_known: "yes" | "no" | "unknown" | null;
  metformin: "yes" | "no" | "unknown" | null;
  pregnancy: "no" | "yes" | "unknown" | "na" | null;
  last_period: string;
  breastfeeding: "yes" | "no" | "unknown" | null;
  hyperthyroid: "yes" | "no" | "unknown" | null;
  implants: "yes" | "no" | "unknown" | null;
  implant_list: string[];
  claustrophobia: "yes" | "no" | "unknown" | null;
}

export interface IvAccess {
  gauge: "none" | "14G" | "16G" | "18G" | "20G" | "22G" | "24G" | "central";
  place: string;
}

export interface Request {
  patient: Patient;
  urgency: "P0" | "P1" | "P2" | "P3";
  modality_wanted: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  region: string[];
  clinical_question: string;
  site: string;
  callback: string;
  encounter: string;
  indication: string;
  indication_code: string;
  history: string;
  symptom_onset: string;
  last_known_well: string;
  nihss: number | null;
  labs: Labs;
  contraindications: Contraindications;
  iv_access: IvAccess | null;
  ventilation: string;
  isolation: string;
  priors: string;
  information_given: "yes" | "emergency" | "refused" | "unknown" | null;
}

export interface By {
  seq: number;
  at: string;
  person: string;
  name: string;
  role: string;
}

export interface Asked {
  asked: By;
  act: string;
  text: string;
}

export interface Question {
  asked: By;
  question: string;
  answer: string;
  answered: By | null;
}

export interface Justification {
  decided: By;
  decision: string;
  reason: string;
  reason_code: string;
  guideline: string;
  substitute_modality: string;
}

export interface BolusTrack {
  vessel: string;
  threshold_hu: number;
  extra_delay_s: number;
}

export interface Series {
  n: number;
  name: string;
  phase: string;
  coverage: string;
  delay_s: number | null;
  bolus_track: BolusTrack | null;
  kv: number | null;
  mas: number | null;
  modulation: string;
  ref_mas: number | null;
  pitch: number | null;
  rotation_s: number | null;
  collimation: string;
  slice_mm: number | null;
  increment_mm: number | null;
  kernel: string[];
  recon_planes: string[];
  sequence: string;
  plane: string;
  fat_sat: boolean | null;
  gating: string;
  breath: string;
  note: string;
}

export interface Contrast {
  agent: string;
  concentration_mgi_ml: number | null;
  volume_ml: number | null;
  ml_per_kg: number | null;
  mmol_kg: number | null;
  rate_ml_s: number | null;
  saline_flush_ml: number | null;
  route: "iv" | "oral" | "rectal" | "intrathecal" | "other";
  gauge_min: string;
}

export interface DoseLimits {
  max_ctdivol_mgy: number | null;
  max_dlp_mgy_cm: number | null;
  drl_ref: string;
}

export interface Override {
  rule: string;
  reason: string;
}

export interface Protocol {
  version: number;
  modality: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  regions: string[];
  series: Series[];
  template: string;
  template_version: number | null;
  laterality: string;
  coverage: string;
  position: string;
  contrast: Contrast | null;
  limits: DoseLimits | null;
  premedication: string;
  instructions: string;
  stop_conditions: string;
  checks_required: string[];
  release_rule: string;
  overrides: Override[];
}

export interface Alert {
  rule: string;
  level: string;
}

export interface InForce {
  issued: By;
  content_hash: string;
  protocol: Protocol;
  alerts: Alert[];
  changed: string[];
  reason: string;
}

export interface Query {
  asked: By;
  version: number;
  reason: string;
  field: string;
  proposed: string;
  answer: string;
  accepted: boolean | null;
  answered: By | null;
}

export interface Acknowledgement {
  given: By;
  version: number;
  content_hash: string;
  read_back: Record<string, unknown>;
  scanner: string;
  eta_min: number | null;
}

export interface CheckItem {
  code: string;
  answer: "ok" | "not_ok" | "unknown" | "na";
  source: string;
  note: string;
}

export interface ChecklistCompleted {
  items: CheckItem[];
  overrides: Override[];
  alerts: Alert[];
}

export interface Checked {
  completed: By;
  answers: ChecklistCompleted;
}

export interface ContrastGiven {
  agent: string;
  lot: string;
  volume_ml: number | null;
  rate_ml_s: number | null;
  route: "iv" | "oral" | "rectal" | "intrathecal" | "other";
  at: string;
}

export interface AcquisitionEnded {
  contrast_given: ContrastGiven[];
  no_contrast_reason: string;
  reaction: string;
  series_done: number[];
  note: string;
}

export interface Acquisition {
  started: By | null;
  scanner: string;
  ended: By | null;
  outcome: AcquisitionEnded | null;
  aborted: By | null;
  abort_reason: string;
}

export interface Voi {
  center: number;
  width: number;
  function: "LINEAR" | "LINEAR_EXACT" | "SIGMOID";
}

export interface Arrow {
  x: number;
  y: number;
  from_x: number | null;
  from_y: number | null;
  text: string;
}

export interface Viewport {
  voi: Voi | null;
  preset: string;
  zoom: number | null;
  pan_x: number | null;
  pan_y: number | null;
  rotation: number | null;
  hflip: boolean;
  invert: boolean;
  arrows: Arrow[];
}

export interface ImageRef {
  study_uid: string;
  series_uid: string;
  sop_uid: string;
  frame: number | null;
  viewport: Viewport | null;
  label: string;
  key: boolean;
}

export interface Shared {
  shared: By;
  image: ImageRef;
}

export interface Injection {
  recorded: By;
  given: ContrastGiven;
}

export interface Reaction {
  reported: By;
  text: string;
  severity: string;
  treatment: string;
}

export interface Arrival {
  first: By;
  last: By;
  series: number | null;
  instances: number | null;
  complete: boolean;
  note: string;
}

export interface DoseSeries {
  phantom: "head_16" | "body_32";
  ctdivol_mgy: number | null;
  dlp_mgy_cm: number | null;
  n: number | null;
  name: string;
  region: string;
  kv: number | null;
}

export interface PhantomSum {
  phantom: string;
  dlp_mgy_cm: number;
}

export interface Compared {
  series: number;
  quantity: string;
  measured: number;
  level: number;
  unit: string;
  phantom: string;
  exam: string;
  source: string;
  dated: string;
  validated: boolean;
  above: boolean;
}

export interface DoseBlock {
  series: DoseSeries[];
  total_dlp_mgy_cm: number | null;
  device: string;
  source: "manual" | "console" | "rdsr";
  rdsr_uid: string;
  sums: PhantomSum[];
  compared: Compared[];
}

export interface DoseKept {
  recorded: By;
  dose: DoseBlock;
  reason: string;
}

export interface Sections {
  indication: string;
  technique: string;
  contrast: string;
  dose: string;
  comparison: string;
  findings: string;
  conclusion: string;
}

export interface Examined {
  modality: string;
  regions: string[];
  site: string;
  question: string;
  requested_at: string;
  requester: string;
  acquired_at: string;
  technologist: string;
  device: string;
}

export interface Communication {
  name: string;
  role: string;
  at: string;
  by: string;
  category: string;
  method: string;
  read_back: boolean;
}

export interface Sealed {
  version: number;
  status: string;
  content_hash: string;
  lang: string;
  template: string;
  sections: Sections;
  addendum: string;
  reason: string;
  signer: string;
  signer_name: string;
  signer_role: string;
  signed_at: string;
  patient: Patient | null;
  exam: Examined | null;
  contrast_given: ContrastGiven[];
  dose: DoseBlock | null;
  no_dose_reason: string;
  communications: Communication[];
  of_version: number;
  of_hash: string;
  changed: string[];
}

export interface Reported {
  sealed: By;
  content: Sealed;
}

export interface ReportVersion {
  version: number;
  status: string;
  content_hash: string;
  sealed: By;
}

export interface Delivered {
  delivered: By;
  version: number;
  channel: string;
  to: string;
  name: string;
  note: string;
}

export interface ReportReceipt {
  acknowledged: By;
  version: number;
  content_hash: string;
  action: string;
}

export interface Pause {
  paused: By;
  cause: string;
  note: string;
  clocks: string[];
}

export interface Attempt {
  tried: By;
  method: string;
  outcome: string;
  at: string;
  name: string;
  role: string;
  number: string;
  note: string;
}

export interface Receipt {
  recorded: By;
  name: string;
  role: string;
  method: string;
  received_at: string;
  communicated_by: string;
  communicator: string;
  read_back: string;
  action: string;
  person: string;
  number: string;
}

export interface Critical {
  raised: By;
  category: number;
  finding: string;
  code: string;
  words: string[];
  images: ImageRef[];
  identified_at: string;
  limit_at: string;
  holder: string;
  to: string;
  to_name: string;
  next_at: string;
  step: number;
  exhausted: number;
  phone: string;
  overdue: boolean;
  attempts: Attempt[];
  attempted: number;
  receipt: Receipt | null;
  closed: By | null;
  close_reason: string;
}

export interface Opinion {
  asked: By;
  question: string;
  holder: string;
  state: string;
  to: string;
  to_name: string;
  specialty: string;
  images: ImageRef[];
  adviser: By | null;
  declined: By | null;
  decline_reason: string;
  answered: By | null;
  text: string;
  answer_images: ImageRef[];
  concluded: By | null;
  concordance: string;
  remark: string;
}

export interface Review {
  recorded: By;
  version: number;
  grade: string;
  impact: string;
  text: string;
}

export interface Loop {
  kind: string;
  seq: number;
  since: string;
  until: string;
}

export interface Handover {
  offered: By;
  to: string;
  name: string;
  until: string;
  loops: Loop[];
  note: string;
}

export interface Member {
  name: string;
  role: string;
  site: string;
  how: string;
  since: string;
}

export interface Incident {
  opened: By;
  category: string;
  text: string;
  since: string;
}

export interface Clock {
  started_at: string;
  limit_at: string;
  stopped_at: string;
  paused_at: string;
  paused_ms: number;
  predicted: boolean;
  breached: boolean;
}

export interface NextMove {
  act: string;
  roles: string[];
  since: string;
  person: string;
  until: string;
}

export interface Callee {
  person: string;
  name: string;
  via: string;
  order: number;
}

export interface PlanStep {
  wait_s: number;
  realert_s: number;
  callees: Callee[];
  phone: string;
}

export interface Rung {
  person: string;
  name: string;
  via: string;
  step: number;
  since: string;
  forwarded_from: string;
  declined_at: string;
  reason: string;
}

export interface Skipped {
  person: string;
  why: string;
  name: string;
}

export interface Ring {
  ring: number;
  purpose: string;
  started_at: string;
  started_by: string;
  policy: string;
  rota_at: string;
  steps: PlanStep[];
  to: string;
  subspecialty: string;
  question: string;
  critical: number;
  state: string;
  step: number;
  people: Rung[];
  skipped: Skipped[];
  alerts: number;
  alert_at: string;
  ends_at: string;
  phone: string;
  last_resort: string;
  ended_at: string;
  ended_by: string;
  ended_name: string;
}

export interface Closed {
  closed: By;
  from_stage: Stage;
  reason: string;
}

export interface Room {
  id: string;
  seq: number;
  at: string;
  stage: Stage;
  stage_since: string;
  site: string;
  request: Request | null;
  request_version: number;
  requested: By | null;
  unknown: string[];
  owner: By | null;
  offered_to: string;
  asked: Record<string, Asked>;
  questions: Question[];
  justification: Justification | null;
  protocol: InForce | null;
  protocol_before: InForce | null;
  queries: Query[];
  acknowledgement: Acknowledgement | null;
  checklist: Checked | null;
  acquisition: Acquisition | null;
  images: Shared[];
  images_shared: number;
  contrast: Injection[];
  reactions: Reaction[];
  arrival: Arrival | null;
  released: By | null;
  dose: DoseKept | null;
  reader: By | null;
  report: Reported | null;
  addenda: Reported[];
  report_versions: ReportVersion[];
  deliveries: Delivered[];
  receipt: ReportReceipt | null;
  pause: Pause | null;
  criticals: Critical[];
  opinions: Opinion[];
  reviews: Review[];
  handovers: Handover[];
  attending: By | null;
  members: Record<string, Member>;
  removed: string[];
  incidents: Incident[];
  incidents_closed: number;
  messages: number;
  retracted: number[];
  clocks: Record<string, Clock>;
  next_move: NextMove | null;
  rings: Ring[];
  last: Record<string, number>;
  closed: Closed | null;
}

export interface PatientBody {
  birth_name: string;
  given?: string;
  used_name?: string;
  dob?: string;
  sex?: "M" | "F" | "U";
  ipp?: string;
  ins?: string;
  identity?: "provisional" | "validated" | "qualified" | "merged" | "suspect";
  weight_kg?: number | null;
  height_cm?: number | null;
}

export interface LabsBody {
  creatinine_umol_l?: number | null;
  egfr?: number | null;
  egfr_formula?: string;
  egfr_date?: string;
  d_dimer_ng_ml?: number | null;
  bhcg?: "positive" | "negative" | "unknown" | null;
}

export interface ContraindicationsBody {
  allergy_contrast?: "none" | "mild" | "severe" | "unknown" | null;
  prior_reaction?: string;
  renal_known?: "yes" | "no" | "unknown" | null;
  metformin?: "yes" | "no" | "unknown" | null;
  pregnancy?: "no" | "yes" | "unknown" | "na" | null;
  last_period?: string;
  breastfeeding?: "yes" | "no" | "unknown" | null;
  hyperthyroid?: "yes" | "no" | "unknown" | null;
  implants?: "yes" | "no" | "unknown" | null;
  implant_list?: string[];
  claustrophobia?: "yes" | "no" | "unknown" | null;
}

export interface IvAccessBody {
  gauge: "none" | "14G" | "16G" | "18G" | "20G" | "22G" | "24G" | "central";
  place?: string;
}

export interface RequestSubmitBody {
  patient: PatientBody;
  urgency: "P0" | "P1" | "P2" | "P3";
  modality_wanted: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  region: string[];
  clinical_question: string;
  site?: string;
  callback?: string;
  encounter?: string;
  indication?: string;
  indication_code?: string;
  history?: string;
  symptom_onset?: string;
  last_known_well?: string;
  nihss?: number | null;
  labs?: LabsBody;
  contraindications?: ContraindicationsBody;
  iv_access?: IvAccessBody | null;
  ventilation?: string;
  isolation?: string;
  priors?: string;
  information_given?: "yes" | "emergency" | "refused" | "unknown" | null;
}

export interface RequestAmendBody {
  patient: PatientBody;
  urgency: "P0" | "P1" | "P2" | "P3";
  modality_wanted: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  region: string[];
  clinical_question: string;
  site?: string;
  callback?: string;
  encounter?: string;
  indication?: string;
  indication_code?: string;
  history?: string;
  symptom_onset?: string;
  last_known_well?: string;
  nihss?: number | null;
  labs?: LabsBody;
  contraindications?: ContraindicationsBody;
  iv_access?: IvAccessBody | null;
  ventilation?: string;
  isolation?: string;
  priors?: string;
  information_given?: "yes" | "emergency" | "refused" | "unknown" | null;
  reason?: string;
}

export interface RequestCancelBody {
  reason: string;
}

export interface InformationAskBody {
  question: string;
}

export interface InformationAnswerBody {
  answer: string;
  question_seq?: number | null;
}

export interface CaseClaimBody {
}

export interface CaseReleaseBody {
  reason: string;
}

export interface CaseReassignBody {
  to: string;
  reason: string;
  name?: string;
}

export interface JustificationDecideBody {
  decision: "accept" | "substitute" | "refuse";
  reason?: string;
  reason_code?: string;
  guideline?: string;
  substitute_modality?: string;
}

export interface BolusTrackBody {
  vessel: string;
  threshold_hu: number;
  extra_delay_s?: number;
}

export interface SeriesBody {
  n: number;
  name: string;
  phase: string;
  coverage?: string;
  delay_s?: number | null;
  bolus_track?: BolusTrackBody | null;
  kv?: number | null;
  mas?: number | null;
  modulation?: string;
  ref_mas?: number | null;
  pitch?: number | null;
  rotation_s?: number | null;
  collimation?: string;
  slice_mm?: number | null;
  increment_mm?: number | null;
  kernel?: string[];
  recon_planes?: string[];
  sequence?: string;
  plane?: string;
  fat_sat?: boolean | null;
  gating?: string;
  breath?: string;
  note?: string;
}

export interface ContrastBody {
  agent: string;
  concentration_mgi_ml?: number | null;
  volume_ml?: number | null;
  ml_per_kg?: number | null;
  mmol_kg?: number | null;
  rate_ml_s?: number | null;
  saline_flush_ml?: number | null;
  route?: "iv" | "oral" | "rectal" | "intrathecal" | "other";
  gauge_min?: string;
}

export interface DoseLimitsBody {
  max_ctdivol_mgy?: number | null;
  max_dlp_mgy_cm?: number | null;
  drl_ref?: string;
}

export interface OverrideBody {
  rule: string;
  reason: string;
}

export interface ProtocolIssueBody {
  version: number;
  modality: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  regions: string[];
  series: SeriesBody[];
  template?: string;
  template_version?: number | null;
  laterality?: string;
  coverage?: string;
  position?: string;
  contrast?: ContrastBody | null;
  limits?: DoseLimitsBody | null;
  premedication?: string;
  instructions?: string;
  stop_conditions?: string;
  checks_required?: string[];
  release_rule?: string;
  overrides?: OverrideBody[];
}

export interface ProtocolAmendBody {
  version: number;
  modality: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  regions: string[];
  series: SeriesBody[];
  template?: string;
  template_version?: number | null;
  laterality?: string;
  coverage?: string;
  position?: string;
  contrast?: ContrastBody | null;
  limits?: DoseLimitsBody | null;
  premedication?: string;
  instructions?: string;
  stop_conditions?: string;
  checks_required?: string[];
  release_rule?: string;
  overrides?: OverrideBody[];
  reason?: string;
}

export interface ProtocolQueryBody {
  field?: string;
  proposed?: string;
  reason: string;
}

export interface ProtocolAnswerBody {
  answer: string;
  accepted?: boolean | null;
  query_seq?: number | null;
}

export interface ProtocolAcknowledgeBody {
  version: number;
  content_hash: string;
  read_back: Record<string, unknown>;
  scanner?: string;
  eta_min?: number | null;
}

export interface CheckItemBody {
  code: string;
  answer: "ok" | "not_ok" | "unknown" | "na";
  source?: string;
  note?: string;
}

export interface ChecklistCompleteBody {
  items: CheckItemBody[];
  overrides?: OverrideBody[];
}

export interface AcquisitionStartBody {
  scanner?: string;
}

export interface ContrastGivenBody {
  agent: string;
  lot?: string;
  volume_ml?: number | null;
  rate_ml_s?: number | null;
  route?: "iv" | "oral" | "rectal" | "intrathecal" | "other";
  at?: string;
}

export interface AcquisitionEndBody {
  contrast_given?: ContrastGivenBody[];
  no_contrast_reason?: string;
  reaction?: string;
  series_done?: number[];
  note?: string;
}

export interface AcquisitionAbortBody {
  reason: string;
  back_to?: "protocolled" | "aborted";
  contrast_given?: ContrastGivenBody[];
  reaction?: string;
}

export interface ContrastRecordBody {
  agent: string;
  lot?: string;
  volume_ml?: number | null;
  rate_ml_s?: number | null;
  route?: "iv" | "oral" | "rectal" | "intrathecal" | "other";
  at?: string;
}

export interface ReactionReportBody {
  text: string;
  severity?: "mild" | "moderate" | "severe" | "unknown";
  treatment?: string;
  at?: string;
}

export interface ImagesDeclareBody {
  study_uid?: string;
  series?: number | null;
  instances?: number | null;
  complete?: boolean;
  note?: string;
}

export interface PatientReleaseBody {
  note?: string;
  policy?: string;
}

export interface DoseSeriesBody {
  phantom: "head_16" | "body_32";
  ctdivol_mgy?: number | null;
  dlp_mgy_cm?: number | null;
  n?: number | null;
  name?: string;
  region?: string;
  kv?: number | null;
}

export interface ReferenceLevelBody {
  exam: string;
  quantity: string;
  phantom: string;
  level: number;
  source: string;
  dated: string;
  words?: string[];
  age?: string;
  validated?: boolean;
}

export interface DoseRecordBody {
  series: DoseSeriesBody[];
  total_dlp_mgy_cm?: number | null;
  device?: string;
  source?: "manual" | "console" | "rdsr";
  rdsr_uid?: string;
  reason?: string;
  levels?: ReferenceLevelBody[];
}

export interface ReadingStartBody {
  reason?: string;
}

export interface ReadingStopBody {
  reason?: string;
}

export interface SectionsBody {
  indication?: string;
  technique?: string;
  contrast?: string;
  dose?: string;
  comparison?: string;
  findings?: string;
  conclusion?: string;
}

export interface ReportIssueBody {
  sections: SectionsBody;
  version?: number | null;
  lang?: "fr" | "en";
  template?: string;
  no_dose_reason?: string;
}

export interface ReportSignBody {
  sections: SectionsBody;
  version?: number | null;
  lang?: "fr" | "en";
  template?: string;
  no_dose_reason?: string;
}

export interface AddendumSignBody {
  text: string;
  reason?: string;
  version?: number | null;
  lang?: "fr" | "en";
}

export interface ReportDeliverBody {
  channel: "phone" | "print" | "fax" | "secure_mail" | "patient_file" | "other";
  to: string;
  version?: number | null;
  note?: string;
}

export interface ReportAcknowledgeBody {
  version?: number | null;
  content_hash?: string;
  action?: string;
}

export interface ClockPauseBody {
  cause: "information" | "patient" | "scanner" | "network";
  note?: string;
}

export interface ClockResumeBody {
  note?: string;
}

export interface VoiBody {
  center: number;
  width: number;
  function?: "LINEAR" | "LINEAR_EXACT" | "SIGMOID";
}

export interface ArrowBody {
  x: number;
  y: number;
  from_x?: number | null;
  from_y?: number | null;
  text?: string;
}

export interface ViewportBody {
  voi?: VoiBody | null;
  preset?: string;
  zoom?: number | null;
  pan_x?: number | null;
  pan_y?: number | null;
  rotation?: number | null;
  hflip?: boolean;
  invert?: boolean;
  arrows?: ArrowBody[];
}

export interface ImageShareBody {
  study_uid: string;
  series_uid?: string;
  sop_uid?: string;
  frame?: number | null;
  viewport?: ViewportBody | null;
  label?: string;
  key?: boolean;
}

export interface MessagePostBody {
  text: string;
  lang?: string;
  in_reply_to?: number | null;
}

export interface MessageRetractBody {
  seq: number;
  reason?: string;
}

export interface QuickReplyBody {
  code: string;
  detail?: string;
  in_reply_to?: number | null;
}

export interface MemberInviteBody {
  person: string;
  role?: string;
  name?: string;
  site?: string;
  question?: string;
}

export interface MemberRemoveBody {
  person: string;
  reason?: string;
}

export interface CaseDeclineBody {
  reason: string;
}

export interface RingStartBody {
  question: string;
  to?: string;
  subspecialty?: string;
}

export interface RingAnswerBody {
  ring: number;
}

export interface RingDeclineBody {
  ring: number;
  reason: string;
}

export interface RingStopBody {
  ring: number;
  reason?: string;
}

export interface ImageRefBody {
  study_uid: string;
  series_uid?: string;
  sop_uid?: string;
  frame?: number | null;
  viewport?: ViewportBody | null;
  label?: string;
  key?: boolean;
}

export interface CriticalRaiseBody {
  category: number;
  finding: string;
  code?: string;
  words?: string[];
  images?: ImageRefBody[];
  identified_at?: string;
  to?: string;
  name?: string;
  role?: string;
  site?: string;
}

export interface CriticalAttemptBody {
  critical: number;
  method: "room" | "phone" | "in_person" | "video" | "pager" | "message" | "other";
  outcome: "reached" | "no_answer" | "busy" | "left_message" | "refused" | "wrong_person";
  name?: string;
  role?: string;
  number?: string;
  note?: string;
  at?: string;
}

export interface RecipientBody {
  name: string;
  role: string;
  number?: string;
}

export interface CriticalAcknowledgeBody {
  critical: number;
  read_back?: string;
  action?: string;
  method?: "room" | "phone" | "in_person" | "video" | "pager" | "message" | "other";
  received_at?: string;
  recipient?: RecipientBody | null;
}

export interface CriticalCloseBody {
  critical: number;
  reason?: string;
}

export interface OpinionAskBody {
  question: string;
  to?: string;
  specialty?: string;
  images?: ImageRefBody[];
  name?: string;
  role?: string;
  site?: string;
}

export interface OpinionAcceptBody {
  opinion: number;
}

export interface OpinionDeclineBody {
  opinion: number;
  reason: string;
}

export interface OpinionAnswerBody {
  opinion: number;
  text: string;
  images?: ImageRefBody[];
}

export interface OpinionConcludeBody {
  opinion: number;
  concordance: "agree" | "minor" | "major";
  remark?: string;
}

export interface OpinionWithdrawBody {
  opinion: number;
  reason: string;
}

export interface ReviewRecordBody {
  grade: "agree" | "minor" | "major";
  impact?: "none" | "potential" | "actual" | "unknown";
  text?: string;
}

export interface HandoverOfferBody {
  to: string;
  note?: string;
  minutes?: number;
  name?: string;
  roles?: string[];
}

export interface HandoverAcceptBody {
  handover?: number | null;
}

export interface HandoverDeclineBody {
  reason: string;
  handover?: number | null;
}

export interface HandoverWithdrawBody {
  reason?: string;
}

export interface IncidentOpenBody {
  category: "technical" | "network" | "scanner" | "contrast_reaction" | "identity" | "other";
  text: string;
  since?: string;
}

export interface IncidentCloseBody {
  incident_seq: number;
  resolution: string;
}

export interface RoomCloseBody {
  reason?: string;
}

export interface RoomReopenBody {
  reason: string;
}

export interface RequestSubmittedBody {
  patient: PatientBody;
  urgency: "P0" | "P1" | "P2" | "P3";
  modality_wanted: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  region: string[];
  clinical_question: string;
  site?: string;
  callback?: string;
  encounter?: string;
  indication?: string;
  indication_code?: string;
  history?: string;
  symptom_onset?: string;
  last_known_well?: string;
  nihss?: number | null;
  labs?: LabsBody;
  contraindications?: ContraindicationsBody;
  iv_access?: IvAccessBody | null;
  ventilation?: string;
  isolation?: string;
  priors?: string;
  information_given?: "yes" | "emergency" | "refused" | "unknown" | null;
  unknown?: string[];
}

export interface AlertBody {
  rule: string;
  level: string;
}

export interface RequestAmendedBody {
  patient: PatientBody;
  urgency: "P0" | "P1" | "P2" | "P3";
  modality_wanted: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  region: string[];
  clinical_question: string;
  site?: string;
  callback?: string;
  encounter?: string;
  indication?: string;
  indication_code?: string;
  history?: string;
  symptom_onset?: string;
  last_known_well?: string;
  nihss?: number | null;
  labs?: LabsBody;
  contraindications?: ContraindicationsBody;
  iv_access?: IvAccessBody | null;
  ventilation?: string;
  isolation?: string;
  priors?: string;
  information_given?: "yes" | "emergency" | "refused" | "unknown" | null;
  reason?: string;
  unknown?: string[];
  changed?: string[];
  alerts?: AlertBody[];
  recheck?: boolean;
}

export interface RequestCancelledBody {
  reason: string;
}

export interface InformationAskedBody {
  question: string;
}

export interface InformationAnsweredBody {
  answer: string;
  question_seq: number;
}

export interface CaseClaimedBody {
  from_person?: string;
}

export interface CaseReleasedBody {
  reason: string;
  lapsed?: boolean;
}

export interface CaseReassignedBody {
  to: string;
  reason: string;
  name?: string;
}

export interface JustificationDecidedBody {
  decision: string;
  reason?: string;
  reason_code?: string;
  guideline?: string;
  substitute_modality?: string;
}

export interface ProtocolIssuedBody {
  version: number;
  modality: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  regions: string[];
  series: SeriesBody[];
  template?: string;
  template_version?: number | null;
  laterality?: string;
  coverage?: string;
  position?: string;
  contrast?: ContrastBody | null;
  limits?: DoseLimitsBody | null;
  premedication?: string;
  instructions?: string;
  stop_conditions?: string;
  checks_required?: string[];
  release_rule?: string;
  overrides?: OverrideBody[];
  content_hash: string;
  alerts?: AlertBody[];
}

export interface ProtocolAmendedBody {
  version: number;
  modality: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  regions: string[];
  series: SeriesBody[];
  template?: string;
  template_version?: number | null;
  laterality?: string;
  coverage?: string;
  position?: string;
  contrast?: ContrastBody | null;
  limits?: DoseLimitsBody | null;
  premedication?: string;
  instructions?: string;
  stop_conditions?: string;
  checks_required?: string[];
  release_rule?: string;
  overrides?: OverrideBody[];
  content_hash: string;
  alerts?: AlertBody[];
  reason?: string;
  changed?: string[];
}

export interface ProtocolQueriedBody {
  reason: string;
  field?: string;
  proposed?: string;
}

export interface ProtocolAnsweredBody {
  answer: string;
  query_seq: number;
  accepted?: boolean | null;
}

export interface ProtocolAcknowledgedBody {
  version: number;
  content_hash: string;
  read_back: Record<string, unknown>;
  scanner?: string;
  eta_min?: number | null;
}

export interface ChecklistCompletedBody {
  items: CheckItemBody[];
  overrides?: OverrideBody[];
  alerts?: AlertBody[];
}

export interface AcquisitionStartedBody {
  scanner?: string;
}

export interface AcquisitionEndedBody {
  contrast_given?: ContrastGivenBody[];
  no_contrast_reason?: string;
  reaction?: string;
  series_done?: number[];
  note?: string;
}

export interface AcquisitionAbortedBody {
  reason: string;
  back_to?: string;
  contrast_given?: ContrastGivenBody[];
  reaction?: string;
}

export interface ContrastRecordedBody {
  agent: string;
  lot?: string;
  volume_ml?: number | null;
  rate_ml_s?: number | null;
  route?: "iv" | "oral" | "rectal" | "intrathecal" | "other";
  at?: string;
}

export interface ReactionReportedBody {
  text: string;
  severity?: string;
  treatment?: string;
  at?: string;
}

export interface ImagesDeclaredBody {
  study_uid?: string;
  series?: number | null;
  instances?: number | null;
  complete?: boolean;
  note?: string;
}

export interface PatientReleasedBody {
  note?: string;
}

export interface PhantomSumBody {
  phantom: string;
  dlp_mgy_cm: number;
}

export interface ComparedBody {
  series: number;
  quantity: string;
  measured: number;
  level: number;
  unit: string;
  phantom: string;
  exam: string;
  source: string;
  dated: string;
  validated?: boolean;
  above?: boolean;
}

export interface DoseRecordedBody {
  series: DoseSeriesBody[];
  total_dlp_mgy_cm?: number | null;
  device?: string;
  source?: "manual" | "console" | "rdsr";
  rdsr_uid?: string;
  sums?: PhantomSumBody[];
  compared?: ComparedBody[];
  reason?: string;
}

export interface ReadingStartedBody {
  reason?: string;
  from_person?: string;
  from_name?: string;
}

export interface ReadingStoppedBody {
  reason?: string;
}

export interface ExaminedBody {
  modality?: string;
  regions?: string[];
  site?: string;
  question?: string;
  requested_at?: string;
  requester?: string;
  acquired_at?: string;
  technologist?: string;
  device?: string;
}

export interface DoseBlockBody {
  series: DoseSeriesBody[];
  total_dlp_mgy_cm?: number | null;
  device?: string;
  source?: "manual" | "console" | "rdsr";
  rdsr_uid?: string;
  sums?: PhantomSumBody[];
  compared?: ComparedBody[];
}

export interface CommunicationBody {
  name: string;
  role: string;
  at: string;
  by?: string;
  category?: string;
  method?: string;
  read_back?: boolean;
}

export interface ReportIssuedBody {
  version: number;
  status: string;
  content_hash?: string;
  lang?: string;
  template?: string;
  sections?: SectionsBody;
  addendum?: string;
  reason?: string;
  signer?: string;
  signer_name?: string;
  signer_role?: string;
  signed_at?: string;
  patient?: PatientBody | null;
  exam?: ExaminedBody | null;
  contrast_given?: ContrastGivenBody[];
  dose?: DoseBlockBody | null;
  no_dose_reason?: string;
  communications?: CommunicationBody[];
  of_version?: number;
  of_hash?: string;
  changed?: string[];
}

export interface ReportSignedBody {
  version: number;
  status: string;
  content_hash?: string;
  lang?: string;
  template?: string;
  sections?: SectionsBody;
  addendum?: string;
  reason?: string;
  signer?: string;
  signer_name?: string;
  signer_role?: string;
  signed_at?: string;
  patient?: PatientBody | null;
  exam?: ExaminedBody | null;
  contrast_given?: ContrastGivenBody[];
  dose?: DoseBlockBody | null;
  no_dose_reason?: string;
  communications?: CommunicationBody[];
  of_version?: number;
  of_hash?: string;
  changed?: string[];
}

export interface AddendumSignedBody {
  version: number;
  status: string;
  content_hash?: string;
  lang?: string;
  template?: string;
  sections?: SectionsBody;
  addendum?: string;
  reason?: string;
  signer?: string;
  signer_name?: string;
  signer_role?: string;
  signed_at?: string;
  patient?: PatientBody | null;
  exam?: ExaminedBody | null;
  contrast_given?: ContrastGivenBody[];
  dose?: DoseBlockBody | null;
  no_dose_reason?: string;
  communications?: CommunicationBody[];
  of_version?: number;
  of_hash?: string;
  changed?: string[];
}

export interface ReportDeliveredBody {
  version: number;
  content_hash: string;
  channel: string;
  to: string;
  name?: string;
  note?: string;
}

export interface ReportAcknowledgedBody {
  version: number;
  content_hash: string;
  action?: string;
}

export interface ClockPausedBody {
  cause: string;
  clocks?: string[];
  note?: string;
}

export interface ClockResumedBody {
  note?: string;
}

export interface ImageSharedBody {
  study_uid: string;
  series_uid?: string;
  sop_uid?: string;
  frame?: number | null;
  viewport?: ViewportBody | null;
  label?: string;
  key?: boolean;
}

export interface MessagePostedBody {
  text: string;
  lang?: string;
  in_reply_to?: number | null;
}

export interface MessageRetractedBody {
  seq: number;
  reason?: string;
}

export interface QuickRepliedBody {
  code: string;
  detail?: string;
  in_reply_to?: number | null;
}

export interface MemberInvitedBody {
  person: string;
  role: string;
  name?: string;
  site?: string;
  question?: string;
}

export interface MemberRemovedBody {
  person: string;
  reason?: string;
}

export interface CaseDeclinedBody {
  ring: number;
  reason: string;
}

export interface CalleeBody {
  person: string;
  name?: string;
  via?: string;
  order?: number;
}

export interface PlanStepBody {
  wait_s: number;
  realert_s: number;
  callees?: CalleeBody[];
  phone?: string;
}

export interface RungBody {
  person: string;
  name?: string;
  via?: string;
  step?: number;
  since?: string;
  forwarded_from?: string;
  declined_at?: string;
  reason?: string;
}

export interface SkippedBody {
  person: string;
  why: string;
  name?: string;
}

export interface RingStartedBody {
  purpose: string;
  policy: string;
  rota_at: string;
  steps: PlanStepBody[];
  to?: string;
  subspecialty?: string;
  question?: string;
  critical?: number;
  step?: number;
  people?: RungBody[];
  skipped?: SkippedBody[];
  alert_at?: string;
  ends_at?: string;
  phone?: string;
  last_resort?: string;
}

export interface RingAnsweredBody {
  ring: number;
}

export interface RingDeclinedBody {
  ring: number;
  reason: string;
}

export interface RingStoppedBody {
  ring: number;
  reason?: string;
}

export interface RingEscalatedBody {
  ring: number;
  step: number;
  people?: RungBody[];
  skipped?: SkippedBody[];
  alert_at?: string;
  ends_at?: string;
  phone?: string;
}

export interface RingAlertedBody {
  ring: number;
  n: number;
  people?: RungBody[];
  alert_at?: string;
}

export interface RingExhaustedBody {
  ring: number;
  step: number;
  skipped?: SkippedBody[];
  alert_at?: string;
  phone?: string;
}

export interface CriticalRaisedBody {
  category: number;
  finding: string;
  identified_at: string;
  limit_at: string;
  next_at: string;
  to?: string;
  name?: string;
  code?: string;
  words?: string[];
  images?: ImageRefBody[];
}

export interface CriticalAttemptedBody {
  critical: number;
  method: string;
  outcome: string;
  at: string;
  name?: string;
  role?: string;
  number?: string;
  note?: string;
}

export interface CriticalEscalatedBody {
  critical: number;
  category: number;
  step: number;
  due_at: string;
  next_at: string;
  roles?: string[];
}

export interface CriticalExhaustedBody {
  critical: number;
  category: number;
  n: number;
  due_at: string;
  next_at: string;
  phone?: string;
}

export interface CriticalOverdueBody {
  critical: number;
  category: number;
  limit_at: string;
}

export interface CriticalAcknowledgedBody {
  critical: number;
  name: string;
  role: string;
  method: string;
  received_at: string;
  communicated_by: string;
  communicator: string;
  read_back?: string;
  action?: string;
  person?: string;
  number?: string;
}

export interface CriticalClosedBody {
  critical: number;
  reason?: string;
}

export interface OpinionAskedBody {
  question: string;
  to?: string;
  name?: string;
  specialty?: string;
  images?: ImageRefBody[];
}

export interface OpinionAcceptedBody {
  opinion: number;
}

export interface OpinionDeclinedBody {
  opinion: number;
  reason: string;
}

export interface OpinionAnsweredBody {
  opinion: number;
  text: string;
  images?: ImageRefBody[];
}

export interface OpinionConcludedBody {
  opinion: number;
  concordance: string;
  remark?: string;
}

export interface OpinionWithdrawnBody {
  opinion: number;
  reason: string;
}

export interface ReviewRecordedBody {
  grade: string;
  impact: string;
  version: number;
  text?: string;
  site?: string;
  modality?: string;
}

export interface LoopBody {
  kind: string;
  seq: number;
  since: string;
  until?: string;
}

export interface HandoverOfferedBody {
  to: string;
  until: string;
  loops: LoopBody[];
  name?: string;
  note?: string;
}

export interface HandoverAcceptedBody {
  handover: number;
  from_person: string;
  loops: LoopBody[];
}

export interface HandoverDeclinedBody {
  handover: number;
  reason: string;
}

export interface HandoverWithdrawnBody {
  handover: number;
  reason?: string;
}

export interface HandoverLapsedBody {
  handover: number;
  to?: string;
}

export interface IncidentOpenedBody {
  category: string;
  text: string;
  since?: string;
}

export interface IncidentClosedBody {
  incident_seq: number;
  resolution: string;
}

export interface RoomClosedBody {
  reason?: string;
}

export interface RoomReopenedBody {
  reason: string;
}

export interface DeadlinePredictedBody {
  clock: string;
  limit_at: string;
  expected_at: string;
}

export interface DeadlinePassedBody {
  clock: string;
  limit_at: string;
}

export interface WithheldBody {
}

export interface RequestBody {
  patient: PatientBody;
  urgency: "P0" | "P1" | "P2" | "P3";
  modality_wanted: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  region: string[];
  clinical_question: string;
  site?: string;
  callback?: string;
  encounter?: string;
  indication?: string;
  indication_code?: string;
  history?: string;
  symptom_onset?: string;
  last_known_well?: string;
  nihss?: number | null;
  labs?: LabsBody;
  contraindications?: ContraindicationsBody;
  iv_access?: IvAccessBody | null;
  ventilation?: string;
  isolation?: string;
  priors?: string;
  information_given?: "yes" | "emergency" | "refused" | "unknown" | null;
}

export interface ProtocolBody {
  version: number;
  modality: "CT" | "MR" | "US" | "CR" | "DX" | "XA" | "NM" | "PT";
  regions: string[];
  series: SeriesBody[];
  template?: string;
  template_version?: number | null;
  laterality?: string;
  coverage?: string;
  position?: string;
  contrast?: ContrastBody | null;
  limits?: DoseLimitsBody | null;
  premedication?: string;
  instructions?: string;
  stop_conditions?: string;
  checks_required?: string[];
  release_rule?: string;
  overrides?: OverrideBody[];
}

export interface SealedBody {
  version: number;
  status: string;
  content_hash?: string;
  lang?: string;
  template?: string;
  sections?: SectionsBody;
  addendum?: string;
  reason?: string;
  signer?: string;
  signer_name?: string;
  signer_role?: string;
  signed_at?: string;
  patient?: PatientBody | null;
  exam?: ExaminedBody | null;
  contrast_given?: ContrastGivenBody[];
  dose?: DoseBlockBody | null;
  no_dose_reason?: string;
  communications?: CommunicationBody[];
  of_version?: number;
  of_hash?: string;
  changed?: string[];
}

export interface CommandBodies {
  "request.submit": RequestSubmitBody;
  "request.amend": RequestAmendBody;
  "request.cancel": RequestCancelBody;
  "information.ask": InformationAskBody;
  "information.answer": InformationAnswerBody;
  "case.claim": CaseClaimBody;
  "case.release": CaseReleaseBody;
  "case.reassign": CaseReassignBody;
  "justification.decide": JustificationDecideBody;
  "protocol.issue": ProtocolIssueBody;
  "protocol.amend": ProtocolAmendBody;
  "protocol.query": ProtocolQueryBody;
  "protocol.answer": ProtocolAnswerBody;
  "protocol.acknowledge": ProtocolAcknowledgeBody;
  "checklist.complete": ChecklistCompleteBody;
  "acquisition.start": AcquisitionStartBody;
  "acquisition.end": AcquisitionEndBody;
  "acquisition.abort": AcquisitionAbortBody;
  "contrast.record": ContrastRecordBody;
  "reaction.report": ReactionReportBody;
  "images.declare": ImagesDeclareBody;
  "patient.release": PatientReleaseBody;
  "dose.record": DoseRecordBody;
  "reading.start": ReadingStartBody;
  "reading.stop": ReadingStopBody;
  "report.issue": ReportIssueBody;
  "report.sign": ReportSignBody;
  "addendum.sign": AddendumSignBody;
  "report.deliver": ReportDeliverBody;
  "report.acknowledge": ReportAcknowledgeBody;
  "clock.pause": ClockPauseBody;
  "clock.resume": ClockResumeBody;
  "image.share": ImageShareBody;
  "message.post": MessagePostBody;
  "message.retract": MessageRetractBody;
  "quick.reply": QuickReplyBody;
  "member.invite": MemberInviteBody;
  "member.remove": MemberRemoveBody;
  "case.decline": CaseDeclineBody;
  "ring.start": RingStartBody;
  "ring.answer": RingAnswerBody;
  "ring.decline": RingDeclineBody;
  "ring.stop": RingStopBody;
  "critical.raise": CriticalRaiseBody;
  "critical.attempt": CriticalAttemptBody;
  "critical.acknowledge": CriticalAcknowledgeBody;
  "critical.close": CriticalCloseBody;
  "opinion.ask": OpinionAskBody;
  "opinion.accept": OpinionAcceptBody;
  "opinion.decline": OpinionDeclineBody;
  "opinion.answer": OpinionAnswerBody;
  "opinion.conclude": OpinionConcludeBody;
  "opinion.withdraw": OpinionWithdrawBody;
  "review.record": ReviewRecordBody;
  "handover.offer": HandoverOfferBody;
  "handover.accept": HandoverAcceptBody;
  "handover.decline": HandoverDeclineBody;
  "handover.withdraw": HandoverWithdrawBody;
  "incident.open": IncidentOpenBody;
  "incident.close": IncidentCloseBody;
  "room.close": RoomCloseBody;
  "room.reopen": RoomReopenBody;
}

export interface EventBodies {
  "request.submitted": RequestSubmittedBody;
  "request.amended": RequestAmendedBody;
  "request.cancelled": RequestCancelledBody;
  "information.asked": InformationAskedBody;
  "information.answered": InformationAnsweredBody;
  "case.claimed": CaseClaimedBody;
  "case.released": CaseReleasedBody;
  "case.reassigned": CaseReassignedBody;
  "justification.decided": JustificationDecidedBody;
  "protocol.issued": ProtocolIssuedBody;
  "protocol.amended": ProtocolAmendedBody;
  "protocol.queried": ProtocolQueriedBody;
  "protocol.answered": ProtocolAnsweredBody;
  "protocol.acknowledged": ProtocolAcknowledgedBody;
  "checklist.completed": ChecklistCompletedBody;
  "acquisition.started": AcquisitionStartedBody;
  "acquisition.ended": AcquisitionEndedBody;
  "acquisition.aborted": AcquisitionAbortedBody;
  "contrast.recorded": ContrastRecordedBody;
  "reaction.reported": ReactionReportedBody;
  "images.declared": ImagesDeclaredBody;
  "patient.released": PatientReleasedBody;
  "dose.recorded": DoseRecordedBody;
  "reading.started": ReadingStartedBody;
  "reading.stopped": ReadingStoppedBody;
  "report.issued": ReportIssuedBody;
  "report.signed": ReportSignedBody;
  "addendum.signed": AddendumSignedBody;
  "report.delivered": ReportDeliveredBody;
  "report.acknowledged": ReportAcknowledgedBody;
  "clock.paused": ClockPausedBody;
  "clock.resumed": ClockResumedBody;
  "image.shared": ImageSharedBody;
  "message.posted": MessagePostedBody;
  "message.retracted": MessageRetractedBody;
  "quick.replied": QuickRepliedBody;
  "member.invited": MemberInvitedBody;
  "member.removed": MemberRemovedBody;
  "case.declined": CaseDeclinedBody;
  "ring.started": RingStartedBody;
  "ring.answered": RingAnsweredBody;
  "ring.declined": RingDeclinedBody;
  "ring.stopped": RingStoppedBody;
  "ring.escalated": RingEscalatedBody;
  "ring.alerted": RingAlertedBody;
  "ring.exhausted": RingExhaustedBody;
  "critical.raised": CriticalRaisedBody;
  "critical.attempted": CriticalAttemptedBody;
  "critical.escalated": CriticalEscalatedBody;
  "critical.exhausted": CriticalExhaustedBody;
  "critical.overdue": CriticalOverdueBody;
  "critical.acknowledged": CriticalAcknowledgedBody;
  "critical.closed": CriticalClosedBody;
  "opinion.asked": OpinionAskedBody;
  "opinion.accepted": OpinionAcceptedBody;
  "opinion.declined": OpinionDeclinedBody;
  "opinion.answered": OpinionAnsweredBody;
  "opinion.concluded": OpinionConcludedBody;
  "opinion.withdrawn": OpinionWithdrawnBody;
  "review.recorded": ReviewRecordedBody;
  "handover.offered": HandoverOfferedBody;
  "handover.accepted": HandoverAcceptedBody;
  "handover.declined": HandoverDeclinedBody;
  "handover.withdrawn": HandoverWithdrawnBody;
  "handover.lapsed": HandoverLapsedBody;
  "incident.opened": IncidentOpenedBody;
  "incident.closed": IncidentClosedBody;
  "room.closed": RoomClosedBody;
  "room.reopened": RoomReopenedBody;
  "deadline.predicted": DeadlinePredictedBody;
  "deadline.passed": DeadlinePassedBody;
  "withheld": WithheldBody;
}

export type CommandKind = keyof CommandBodies;
export type EventKind = keyof EventBodies;

/** What stands in a field where a body says nothing: the pruning undone. */
export type Shape = Record<string, { is: unknown; of?: string }>;
export const SHAPES: Record<string, Shape> = {"Patient":{"birth_name":{"is":""},"given":{"is":""},"used_name":{"is":""},"dob":{"is":""},"sex":{"is":"U"},"ipp":{"is":""},"ins":{"is":""},"identity":{"is":"provisional"},"weight_kg":{"is":null},"height_cm":{"is":null}},"Labs":{"creatinine_umol_l":{"is":null},"egfr":{"is":null},"egfr_formula":{"is":""},"egfr_date":{"is":""},"d_dimer_ng_ml":{"is":null},"bhcg":{"is":null}},"Contraindications":{"allergy_contrast":{"is":null},"prior_reaction":{"is":""},"renal_known":{"is":null},"metformin":{"is":null},"pregnancy":{"is":null},"last_period":{"is":""},"breastfeeding":{"is":null},"hyperthyroid":{"is":null},"implants":{"is":null},"implant_list":{"is":[]},"claustrophobia":{"is":null}},"IvAccess":{"gauge":{"is":""},"place":{"is":""}},"RequestSubmitted":{"patient":{"is":null,"of":"Patient"},"urgency":{"is":""},"modality_wanted":{"is":""},"region":{"is":[]},"clinical_question":{"is":""},"site":{"is":""},"callback":{"is":""},"encounter":{"is":""},"indication":{"is":""},"indication_code":{"is":""},"history":{"is":""},"symptom_onset":{"is":""},"last_known_well":{"is":""},"nihss":{"is":null},"labs":{"is":{"$":"Labs"},"of":"Labs"},"contraindications":{"is":{"$":"Contraindications"},"of":"Contraindications"},"iv_access":{"is":null,"of":"IvAccess"},"ventilation":{"is":""},"isolation":{"is":""},"priors":{"is":""},"information_given":{"is":null},"unknown":{"is":[]}},"Alert":{"rule":{"is":""},"level":{"is":""}},"RequestAmended":{"patient":{"is":null,"of":"Patient"},"urgency":{"is":""},"modality_wanted":{"is":""},"region":{"is":[]},"clinical_question":{"is":""},"site":{"is":""},"callback":{"is":""},"encounter":{"is":""},"indication":{"is":""},"indication_code":{"is":""},"history":{"is":""},"symptom_onset":{"is":""},"last_known_well":{"is":""},"nihss":{"is":null},"labs":{"is":{"$":"Labs"},"of":"Labs"},"contraindications":{"is":{"$":"Contraindications"},"of":"Contraindications"},"iv_access":{"is":null,"of":"IvAccess"},"ventilation":{"is":""},"isolation":{"is":""},"priors":{"is":""},"information_given":{"is":null},"reason":{"is":""},"unknown":{"is":[]},"changed":{"is":[]},"alerts":{"is":[],"of":"Alert"},"recheck":{"is":false}},"RequestCancelled":{"reason":{"is":""}},"InformationAsked":{"question":{"is":""}},"InformationAnswered":{"answer":{"is":""},"question_seq":{"is":null}},"CaseClaimed":{"from_person":{"is":""}},"CaseReleased":{"reason":{"is":""},"lapsed":{"is":false}},"CaseReassigned":{"to":{"is":""},"reason":{"is":""},"name":{"is":""}},"JustificationDecided":{"decision":{"is":""},"reason":{"is":""},"reason_code":{"is":""},"guideline":{"is":""},"substitute_modality":{"is":""}},"BolusTrack":{"vessel":{"is":""},"threshold_hu":{"is":null},"extra_delay_s":{"is":0}},"Series":{"n":{"is":null},"name":{"is":""},"phase":{"is":""},"coverage":{"is":""},"delay_s":{"is":null},"bolus_track":{"is":null,"of":"BolusTrack"},"kv":{"is":null},"mas":{"is":null},"modulation":{"is":""},"ref_mas":{"is":null},"pitch":{"is":null},"rotation_s":{"is":null},"collimation":{"is":""},"slice_mm":{"is":null},"increment_mm":{"is":null},"kernel":{"is":[]},"recon_planes":{"is":[]},"sequence":{"is":""},"plane":{"is":""},"fat_sat":{"is":null},"gating":{"is":""},"breath":{"is":""},"note":{"is":""}},"Contrast":{"agent":{"is":""},"concentration_mgi_ml":{"is":null},"volume_ml":{"is":null},"ml_per_kg":{"is":null},"mmol_kg":{"is":null},"rate_ml_s":{"is":null},"saline_flush_ml":{"is":null},"route":{"is":"iv"},"gauge_min":{"is":""}},"DoseLimits":{"max_ctdivol_mgy":{"is":null},"max_dlp_mgy_cm":{"is":null},"drl_ref":{"is":""}},"Override":{"rule":{"is":""},"reason":{"is":""}},"ProtocolIssued":{"version":{"is":null},"modality":{"is":""},"regions":{"is":[]},"series":{"is":[],"of":"Series"},"template":{"is":""},"template_version":{"is":null},"laterality":{"is":""},"coverage":{"is":""},"position":{"is":""},"contrast":{"is":null,"of":"Contrast"},"limits":{"is":null,"of":"DoseLimits"},"premedication":{"is":""},"instructions":{"is":""},"stop_conditions":{"is":""},"checks_required":{"is":[]},"release_rule":{"is":""},"overrides":{"is":[],"of":"Override"},"content_hash":{"is":""},"alerts":{"is":[],"of":"Alert"}},"ProtocolAmended":{"version":{"is":null},"modality":{"is":""},"regions":{"is":[]},"series":{"is":[],"of":"Series"},"template":{"is":""},"template_version":{"is":null},"laterality":{"is":""},"coverage":{"is":""},"position":{"is":""},"contrast":{"is":null,"of":"Contrast"},"limits":{"is":null,"of":"DoseLimits"},"premedication":{"is":""},"instructions":{"is":""},"stop_conditions":{"is":""},"checks_required":{"is":[]},"release_rule":{"is":""},"overrides":{"is":[],"of":"Override"},"content_hash":{"is":""},"alerts":{"is":[],"of":"Alert"},"reason":{"is":""},"changed":{"is":[]}},"ProtocolQueried":{"reason":{"is":""},"field":{"is":""},"proposed":{"is":""}},"ProtocolAnswered":{"answer":{"is":""},"query_seq":{"is":null},"accepted":{"is":null}},"ProtocolAcknowledged":{"version":{"is":null},"content_hash":{"is":""},"read_back":{"is":{}},"scanner":{"is":""},"eta_min":{"is":null}},"CheckItem":{"code":{"is":""},"answer":{"is":""},"source":{"is":""},"note":{"is":""}},"ChecklistCompleted":{"items":{"is":[],"of":"CheckItem"},"overrides":{"is":[],"of":"Override"},"alerts":{"is":[],"of":"Alert"}},"AcquisitionStarted":{"scanner":{"is":""}},"ContrastGiven":{"agent":{"is":""},"lot":{"is":""},"volume_ml":{"is":null},"rate_ml_s":{"is":null},"route":{"is":"iv"},"at":{"is":""}},"AcquisitionEnded":{"contrast_given":{"is":[],"of":"ContrastGiven"},"no_contrast_reason":{"is":""},"reaction":{"is":""},"series_done":{"is":[]},"note":{"is":""}},"AcquisitionAborted":{"reason":{"is":""},"back_to":{"is":"protocolled"},"contrast_given":{"is":[],"of":"ContrastGiven"},"reaction":{"is":""}},"ContrastRecorded":{"agent":{"is":""},"lot":{"is":""},"volume_ml":{"is":null},"rate_ml_s":{"is":null},"route":{"is":"iv"},"at":{"is":""}},"ReactionReported":{"text":{"is":""},"severity":{"is":"unknown"},"treatment":{"is":""},"at":{"is":""}},"ImagesDeclared":{"study_uid":{"is":""},"series":{"is":null},"instances":{"is":null},"complete":{"is":true},"note":{"is":""}},"PatientReleased":{"note":{"is":""}},"DoseSeries":{"phantom":{"is":""},"ctdivol_mgy":{"is":null},"dlp_mgy_cm":{"is":null},"n":{"is":null},"name":{"is":""},"region":{"is":""},"kv":{"is":null}},"PhantomSum":{"phantom":{"is":""},"dlp_mgy_cm":{"is":null}},"Compared":{"series":{"is":null},"quantity":{"is":""},"measured":{"is":null},"level":{"is":null},"unit":{"is":""},"phantom":{"is":""},"exam":{"is":""},"source":{"is":""},"dated":{"is":""},"validated":{"is":false},"above":{"is":false}},"DoseRecorded":{"series":{"is":[],"of":"DoseSeries"},"total_dlp_mgy_cm":{"is":null},"device":{"is":""},"source":{"is":"manual"},"rdsr_uid":{"is":""},"sums":{"is":[],"of":"PhantomSum"},"compared":{"is":[],"of":"Compared"},"reason":{"is":""}},"ReadingStarted":{"reason":{"is":""},"from_person":{"is":""},"from_name":{"is":""}},"ReadingStopped":{"reason":{"is":""}},"Sections":{"indication":{"is":""},"technique":{"is":""},"contrast":{"is":""},"dose":{"is":""},"comparison":{"is":""},"findings":{"is":""},"conclusion":{"is":""}},"Examined":{"modality":{"is":""},"regions":{"is":[]},"site":{"is":""},"question":{"is":""},"requested_at":{"is":""},"requester":{"is":""},"acquired_at":{"is":""},"technologist":{"is":""},"device":{"is":""}},"DoseBlock":{"series":{"is":[],"of":"DoseSeries"},"total_dlp_mgy_cm":{"is":null},"device":{"is":""},"source":{"is":"manual"},"rdsr_uid":{"is":""},"sums":{"is":[],"of":"PhantomSum"},"compared":{"is":[],"of":"Compared"}},"Communication":{"name":{"is":""},"role":{"is":""},"at":{"is":""},"by":{"is":""},"category":{"is":""},"method":{"is":""},"read_back":{"is":false}},"ReportIssued":{"version":{"is":null},"status":{"is":""},"content_hash":{"is":""},"lang":{"is":"fr"},"template":{"is":""},"sections":{"is":{"$":"Sections"},"of":"Sections"},"addendum":{"is":""},"reason":{"is":""},"signer":{"is":""},"signer_name":{"is":""},"signer_role":{"is":""},"signed_at":{"is":""},"patient":{"is":null,"of":"Patient"},"exam":{"is":null,"of":"Examined"},"contrast_given":{"is":[],"of":"ContrastGiven"},"dose":{"is":null,"of":"DoseBlock"},"no_dose_reason":{"is":""},"communications":{"is":[],"of":"Communication"},"of_version":{"is":0},"of_hash":{"is":""},"changed":{"is":[]}},"ReportSigned":{"version":{"is":null},"status":{"is":""},"content_hash":{"is":""},"lang":{"is":"fr"},"template":{"is":""},"sections":{"is":{"$":"Sections"},"of":"Sections"},"addendum":{"is":""},"reason":{"is":""},"signer":{"is":""},"signer_name":{"is":""},"signer_role":{"is":""},"signed_at":{"is":""},"patient":{"is":null,"of":"Patient"},"exam":{"is":null,"of":"Examined"},"contrast_given":{"is":[],"of":"ContrastGiven"},"dose":{"is":null,"of":"DoseBlock"},"no_dose_reason":{"is":""},"communications":{"is":[],"of":"Communication"},"of_version":{"is":0},"of_hash":{"is":""},"changed":{"is":[]}},"AddendumSigned":{"version":{"is":null},"status":{"is":""},"content_hash":{"is":""},"lang":{"is":"fr"},"template":{"is":""},"sections":{"is":{"$":"Sections"},"of":"Sections"},"addendum":{"is":""},"reason":{"is":""},"signer":{"is":""},"signer_name":{"is":""},"signer_role":{"is":""},"signed_at":{"is":""},"patient":{"is":null,"of":"Patient"},"exam":{"is":null,"of":"Examined"},"contrast_given":{"is":[],"of":"ContrastGiven"},"dose":{"is":null,"of":"DoseBlock"},"no_dose_reason":{"is":""},"communications":{"is":[],"of":"Communication"},"of_version":{"is":0},"of_hash":{"is":""},"changed":{"is":[]}},"ReportDelivered":{"version":{"is":null},"content_hash":{"is":""},"channel":{"is":""},"to":{"is":""},"name":{"is":""},"note":{"is":""}},"ReportAcknowledged":{"version":{"is":null},"content_hash":{"is":""},"action":{"is":""}},"ClockPaused":{"cause":{"is":""},"clocks":{"is":[]},"note":{"is":""}},"ClockResumed":{"note":{"is":""}},"Voi":{"center":{"is":null},"width":{"is":null},"function":{"is":"LINEAR"}},"Arrow":{"x":{"is":null},"y":{"is":null},"from_x":{"is":null},"from_y":{"is":null},"text":{"is":""}},"Viewport":{"voi":{"is":null,"of":"Voi"},"preset":{"is":""},"zoom":{"is":null},"pan_x":{"is":null},"pan_y":{"is":null},"rotation":{"is":null},"hflip":{"is":false},"invert":{"is":false},"arrows":{"is":[],"of":"Arrow"}},"ImageShared":{"study_uid":{"is":""},"series_uid":{"is":""},"sop_uid":{"is":""},"frame":{"is":null},"viewport":{"is":null,"of":"Viewport"},"label":{"is":""},"key":{"is":false}},"MessagePosted":{"text":{"is":""},"lang":{"is":""},"in_reply_to":{"is":null}},"MessageRetracted":{"seq":{"is":null},"reason":{"is":""}},"QuickReplied":{"code":{"is":""},"detail":{"is":""},"in_reply_to":{"is":null}},"MemberInvited":{"person":{"is":""},"role":{"is":""},"name":{"is":""},"site":{"is":""},"question":{"is":""}},"MemberRemoved":{"person":{"is":""},"reason":{"is":""}},"CaseDeclined":{"ring":{"is":null},"reason":{"is":""}},"Callee":{"person":{"is":""},"name":{"is":""},"via":{"is":""},"order":{"is":0}},"PlanStep":{"wait_s":{"is":null},"realert_s":{"is":null},"callees":{"is":[],"of":"Callee"},"phone":{"is":""}},"Rung":{"person":{"is":""},"name":{"is":""},"via":{"is":""},"step":{"is":0},"since":{"is":""},"forwarded_from":{"is":""},"declined_at":{"is":""},"reason":{"is":""}},"Skipped":{"person":{"is":""},"why":{"is":""},"name":{"is":""}},"RingStarted":{"purpose":{"is":""},"policy":{"is":""},"rota_at":{"is":""},"steps":{"is":[],"of":"PlanStep"},"to":{"is":""},"subspecialty":{"is":""},"question":{"is":""},"critical":{"is":0},"step":{"is":0},"people":{"is":[],"of":"Rung"},"skipped":{"is":[],"of":"Skipped"},"alert_at":{"is":""},"ends_at":{"is":""},"phone":{"is":""},"last_resort":{"is":""}},"RingAnswered":{"ring":{"is":null}},"RingDeclined":{"ring":{"is":null},"reason":{"is":""}},"RingStopped":{"ring":{"is":null},"reason":{"is":""}},"RingEscalated":{"ring":{"is":null},"step":{"is":null},"people":{"is":[],"of":"Rung"},"skipped":{"is":[],"of":"Skipped"},"alert_at":{"is":""},"ends_at":{"is":""},"phone":{"is":""}},"RingAlerted":{"ring":{"is":null},"n":{"is":null},"people":{"is":[],"of":"Rung"},"alert_at":{"is":""}},"RingExhausted":{"ring":{"is":null},"step":{"is":null},"skipped":{"is":[],"of":"Skipped"},"alert_at":{"is":""},"phone":{"is":""}},"ImageRef":{"study_uid":{"is":""},"series_uid":{"is":""},"sop_uid":{"is":""},"frame":{"is":null},"viewport":{"is":null,"of":"Viewport"},"label":{"is":""},"key":{"is":false}},"CriticalRaised":{"category":{"is":null},"finding":{"is":""},"identified_at":{"is":""},"limit_at":{"is":""},"next_at":{"is":""},"to":{"is":""},"name":{"is":""},"code":{"is":""},"words":{"is":[]},"images":{"is":[],"of":"ImageRef"}},"CriticalAttempted":{"critical":{"is":null},"method":{"is":""},"outcome":{"is":""},"at":{"is":""},"name":{"is":""},"role":{"is":""},"number":{"is":""},"note":{"is":""}},"CriticalEscalated":{"critical":{"is":null},"category":{"is":null},"step":{"is":null},"due_at":{"is":""},"next_at":{"is":""},"roles":{"is":[]}},"CriticalExhausted":{"critical":{"is":null},"category":{"is":null},"n":{"is":null},"due_at":{"is":""},"next_at":{"is":""},"phone":{"is":""}},"CriticalOverdue":{"critical":{"is":null},"category":{"is":null},"limit_at":{"is":""}},"CriticalAcknowledged":{"critical":{"is":null},"name":{"is":""},"role":{"is":""},"method":{"is":""},"received_at":{"is":""},"communicated_by":{"is":""},"communicator":{"is":""},"read_back":{"is":""},"action":{"is":""},"person":{"is":""},"number":{"is":""}},"CriticalClosed":{"critical":{"is":null},"reason":{"is":""}},"OpinionAsked":{"question":{"is":""},"to":{"is":""},"name":{"is":""},"specialty":{"is":""},"images":{"is":[],"of":"ImageRef"}},"OpinionAccepted":{"opinion":{"is":null}},"OpinionDeclined":{"opinion":{"is":null},"reason":{"is":""}},"OpinionAnswered":{"opinion":{"is":null},"text":{"is":""},"images":{"is":[],"of":"ImageRef"}},"OpinionConcluded":{"opinion":{"is":null},"concordance":{"is":""},"remark":{"is":""}},"OpinionWithdrawn":{"opinion":{"is":null},"reason":{"is":""}},"ReviewRecorded":{"grade":{"is":""},"impact":{"is":""},"version":{"is":null},"text":{"is":""},"site":{"is":""},"modality":{"is":""}},"Loop":{"kind":{"is":""},"seq":{"is":null},"since":{"is":""},"until":{"is":""}},"HandoverOffered":{"to":{"is":""},"until":{"is":""},"loops":{"is":[],"of":"Loop"},"name":{"is":""},"note":{"is":""}},"HandoverAccepted":{"handover":{"is":null},"from_person":{"is":""},"loops":{"is":[],"of":"Loop"}},"HandoverDeclined":{"handover":{"is":null},"reason":{"is":""}},"HandoverWithdrawn":{"handover":{"is":null},"reason":{"is":""}},"HandoverLapsed":{"handover":{"is":null},"to":{"is":""}},"IncidentOpened":{"category":{"is":""},"text":{"is":""},"since":{"is":""}},"IncidentClosed":{"incident_seq":{"is":null},"resolution":{"is":""}},"RoomClosed":{"reason":{"is":""}},"RoomReopened":{"reason":{"is":""}},"DeadlinePredicted":{"clock":{"is":""},"limit_at":{"is":""},"expected_at":{"is":""}},"DeadlinePassed":{"clock":{"is":""},"limit_at":{"is":""}},"Withheld":{},"Request":{"patient":{"is":null,"of":"Patient"},"urgency":{"is":""},"modality_wanted":{"is":""},"region":{"is":[]},"clinical_question":{"is":""},"site":{"is":""},"callback":{"is":""},"encounter":{"is":""},"indication":{"is":""},"indication_code":{"is":""},"history":{"is":""},"symptom_onset":{"is":""},"last_known_well":{"is":""},"nihss":{"is":null},"labs":{"is":{"$":"Labs"},"of":"Labs"},"contraindications":{"is":{"$":"Contraindications"},"of":"Contraindications"},"iv_access":{"is":null,"of":"IvAccess"},"ventilation":{"is":""},"isolation":{"is":""},"priors":{"is":""},"information_given":{"is":null}},"Protocol":{"version":{"is":null},"modality":{"is":""},"regions":{"is":[]},"series":{"is":[],"of":"Series"},"template":{"is":""},"template_version":{"is":null},"laterality":{"is":""},"coverage":{"is":""},"position":{"is":""},"contrast":{"is":null,"of":"Contrast"},"limits":{"is":null,"of":"DoseLimits"},"premedication":{"is":""},"instructions":{"is":""},"stop_conditions":{"is":""},"checks_required":{"is":[]},"release_rule":{"is":""},"overrides":{"is":[],"of":"Override"}},"Sealed":{"version":{"is":null},"status":{"is":""},"content_hash":{"is":""},"lang":{"is":"fr"},"template":{"is":""},"sections":{"is":{"$":"Sections"},"of":"Sections"},"addendum":{"is":""},"reason":{"is":""},"signer":{"is":""},"signer_name":{"is":""},"signer_role":{"is":""},"signed_at":{"is":""},"patient":{"is":null,"of":"Patient"},"exam":{"is":null,"of":"Examined"},"contrast_given":{"is":[],"of":"ContrastGiven"},"dose":{"is":null,"of":"DoseBlock"},"no_dose_reason":{"is":""},"communications":{"is":[],"of":"Communication"},"of_version":{"is":0},"of_hash":{"is":""},"changed":{"is":[]}},"Room":{"id":{"is":""},"seq":{"is":0},"at":{"is":""},"stage":{"is":"requested"},"stage_since":{"is":""},"site":{"is":""},"request":{"is":null},"request_version":{"is":0},"requested":{"is":null},"unknown":{"is":[]},"owner":{"is":null},"offered_to":{"is":""},"asked":{"is":{}},"questions":{"is":[]},"justification":{"is":null},"protocol":{"is":null},"protocol_before":{"is":null},"queries":{"is":[]},"acknowledgement":{"is":null},"checklist":{"is":null},"acquisition":{"is":null},"images":{"is":[]},"images_shared":{"is":0},"contrast":{"is":[]},"reactions":{"is":[]},"arrival":{"is":null},"released":{"is":null},"dose":{"is":null},"reader":{"is":null},"report":{"is":null},"addenda":{"is":[]},"report_versions":{"is":[]},"deliveries":{"is":[]},"receipt":{"is":null},"pause":{"is":null},"criticals":{"is":[]},"opinions":{"is":[]},"reviews":{"is":[]},"handovers":{"is":[]},"attending":{"is":null},"members":{"is":{}},"removed":{"is":[]},"incidents":{"is":[]},"incidents_closed":{"is":0},"messages":{"is":0},"retracted":{"is":[]},"clocks":{"is":{}},"next_move":{"is":null},"rings":{"is":[]},"last":{"is":{}},"closed":{"is":null}}};
export const EVENT_CLASS: Record<string, string> = {"request.submitted":"RequestSubmitted","request.amended":"RequestAmended","request.cancelled":"RequestCancelled","information.asked":"InformationAsked","information.answered":"InformationAnswered","case.claimed":"CaseClaimed","case.released":"CaseReleased","case.reassigned":"CaseReassigned","justification.decided":"JustificationDecided","protocol.issued":"ProtocolIssued","protocol.amended":"ProtocolAmended","protocol.queried":"ProtocolQueried","protocol.answered":"ProtocolAnswered","protocol.acknowledged":"ProtocolAcknowledged","checklist.completed":"ChecklistCompleted","acquisition.started":"AcquisitionStarted","acquisition.ended":"AcquisitionEnded","acquisition.aborted":"AcquisitionAborted","contrast.recorded":"ContrastRecorded","reaction.reported":"ReactionReported","images.declared":"ImagesDeclared","patient.released":"PatientReleased","dose.recorded":"DoseRecorded","reading.started":"ReadingStarted","reading.stopped":"ReadingStopped","report.issued":"ReportIssued","report.signed":"ReportSigned","addendum.signed":"AddendumSigned","report.delivered":"ReportDelivered","report.acknowledged":"ReportAcknowledged","clock.paused":"ClockPaused","clock.resumed":"ClockResumed","image.shared":"ImageShared","message.posted":"MessagePosted","message.retracted":"MessageRetracted","quick.replied":"QuickReplied","member.invited":"MemberInvited","member.removed":"MemberRemoved","case.declined":"CaseDeclined","ring.started":"RingStarted","ring.answered":"RingAnswered","ring.declined":"RingDeclined","ring.stopped":"RingStopped","ring.escalated":"RingEscalated","ring.alerted":"RingAlerted","ring.exhausted":"RingExhausted","critical.raised":"CriticalRaised","critical.attempted":"CriticalAttempted","critical.escalated":"CriticalEscalated","critical.exhausted":"CriticalExhausted","critical.overdue":"CriticalOverdue","critical.acknowledged":"CriticalAcknowledged","critical.closed":"CriticalClosed","opinion.asked":"OpinionAsked","opinion.accepted":"OpinionAccepted","opinion.declined":"OpinionDeclined","opinion.answered":"OpinionAnswered","opinion.concluded":"OpinionConcluded","opinion.withdrawn":"OpinionWithdrawn","review.recorded":"ReviewRecorded","handover.offered":"HandoverOffered","handover.accepted":"HandoverAccepted","handover.declined":"HandoverDeclined","handover.withdrawn":"HandoverWithdrawn","handover.lapsed":"HandoverLapsed","incident.opened":"IncidentOpened","incident.closed":"IncidentClosed","room.closed":"RoomClosed","room.reopened":"RoomReopened","deadline.predicted":"DeadlinePredicted","deadline.passed":"DeadlinePassed","withheld":"Withheld"};

/** Least and most: length of a text, entries of a list, or value of a number. */
export const LIMITS = {"Patient":{"birth_name":[1,120],"given":[0,200],"used_name":[0,200],"dob":[0,10],"ipp":[0,200],"ins":[0,200],"weight_kg":[0.3,500],"height_cm":[20,260]},"Labs":{"creatinine_umol_l":[1,3000],"egfr":[0,250],"egfr_formula":[0,200],"egfr_date":[0,10],"d_dimer_ng_ml":[0,1000000]},"Contraindications":{"prior_reaction":[0,1000],"last_period":[0,10],"implant_list":[0,20]},"IvAccess":{"place":[0,200]},"RequestSubmit":{"region":[1,12],"clinical_question":[1,4000],"site":[0,64],"callback":[0,40],"encounter":[0,200],"indication":[0,1000],"indication_code":[0,200],"history":[0,8000],"symptom_onset":[0,40],"last_known_well":[0,40],"nihss":[0,42],"ventilation":[0,200],"isolation":[0,200],"priors":[0,1000]},"RequestAmend":{"region":[1,12],"clinical_question":[1,4000],"site":[0,64],"callback":[0,40],"encounter":[0,200],"indication":[0,1000],"indication_code":[0,200],"history":[0,8000],"symptom_onset":[0,40],"last_known_well":[0,40],"nihss":[0,42],"ventilation":[0,200],"isolation":[0,200],"priors":[0,1000],"reason":[0,1000]},"RequestCancel":{"reason":[1,1000]},"InformationAsk":{"question":[1,2000]},"InformationAnswer":{"answer":[1,4000],"question_seq":[1,1000000000]},"CaseRelease":{"reason":[1,1000]},"CaseReassign":{"to":[1,64],"reason":[1,1000],"name":[0,200]},"JustificationDecide":{"reason":[0,1000],"reason_code":[0,200],"guideline":[0,200],"substitute_modality":[0,200]},"BolusTrack":{"vessel":[1,200],"threshold_hu":[0,1000],"extra_delay_s":[0,600]},"Series":{"n":[1,99],"name":[1,120],"phase":[1,60],"coverage":[0,200],"delay_s":[0,3600],"kv":[40,200],"mas":[0,2000],"modulation":[0,200],"ref_mas":[0,2000],"pitch":[0,5],"rotation_s":[0,10],"collimation":[0,200],"slice_mm":[0.1,20],"increment_mm":[0.1,20],"kernel":[0,8],"recon_planes":[0,8],"sequence":[0,200],"plane":[0,200],"gating":[0,200],"breath":[0,200],"note":[0,1000]},"Contrast":{"agent":[1,200],"concentration_mgi_ml":[0,1000],"volume_ml":[0,500],"ml_per_kg":[0,10],"mmol_kg":[0,1],"rate_ml_s":[0,20],"saline_flush_ml":[0,500],"gauge_min":[0,200]},"DoseLimits":{"max_ctdivol_mgy":[0,1000],"max_dlp_mgy_cm":[0,100000],"drl_ref":[0,200]},"Override":{"rule":[1,200],"reason":[3,1000]},"ProtocolIssue":{"version":[1,10000],"regions":[1,12],"series":[1,40],"template":[0,200],"template_version":[0,10000],"laterality":[0,200],"coverage":[0,200],"position":[0,200],"premedication":[0,1000],"instructions":[0,8000],"stop_conditions":[0,1000],"checks_required":[0,20],"release_rule":[0,1000],"overrides":[0,20]},"ProtocolAmend":{"version":[1,10000],"regions":[1,12],"series":[1,40],"template":[0,200],"template_version":[0,10000],"laterality":[0,200],"coverage":[0,200],"position":[0,200],"premedication":[0,1000],"instructions":[0,8000],"stop_conditions":[0,1000],"checks_required":[0,20],"release_rule":[0,1000],"overrides":[0,20],"reason":[0,1000]},"ProtocolQuery":{"field":[0,200],"proposed":[0,1000],"reason":[1,2000]},"ProtocolAnswer":{"answer":[1,2000],"query_seq":[1,1000000000]},"ProtocolAcknowledge":{"version":[1,10000],"content_hash":[1,128],"read_back":[1,20],"scanner":[0,200],"eta_min":[0,1440]},"CheckItem":{"code":[1,200],"source":[0,200],"note":[0,1000]},"ChecklistComplete":{"items":[1,40],"overrides":[0,20]},"AcquisitionStart":{"scanner":[0,200]},"ContrastGiven":{"agent":[1,200],"lot":[0,200],"volume_ml":[0,500],"rate_ml_s":[0,20],"at":[0,40]},"AcquisitionEnd":{"contrast_given":[0,8],"no_contrast_reason":[0,1000],"reaction":[0,1000],"series_done":[0,40],"note":[0,1000]},"AcquisitionAbort":{"reason":[1,1000],"contrast_given":[0,8],"reaction":[0,1000]},"ContrastRecord":{"agent":[1,200],"lot":[0,200],"volume_ml":[0,500],"rate_ml_s":[0,20],"at":[0,40]},"ReactionReport":{"text":[1,1000],"treatment":[0,1000],"at":[0,40]},"ImagesDeclare":{"study_uid":[0,64],"series":[0,10000],"instances":[0,1000000],"note":[0,1000]},"PatientRelease":{"note":[0,1000],"policy":[0,200]},"DoseSeries":{"ctdivol_mgy":[0,10000],"dlp_mgy_cm":[0,1000000],"n":[1,99],"name":[0,200],"region":[0,200],"kv":[40,200]},"DoseRecord":{"series":[1,40],"total_dlp_mgy_cm":[0,1000000],"device":[0,200],"rdsr_uid":[0,64],"reason":[0,1000],"levels":[0,500]},"ReadingStart":{"reason":[0,1000]},"ReadingStop":{"reason":[0,1000]},"Sections":{"indication":[0,8000],"technique":[0,8000],"contrast":[0,8000],"dose":[0,8000],"comparison":[0,8000],"findings":[0,8000],"conclusion":[0,8000]},"ReportIssue":{"version":[1,10000],"template":[0,200],"no_dose_reason":[0,1000]},"ReportSign":{"version":[1,10000],"template":[0,200],"no_dose_reason":[0,1000]},"AddendumSign":{"text":[1,8000],"reason":[0,1000],"version":[1,10000]},"ReportDeliver":{"to":[1,200],"version":[1,10000],"note":[0,1000]},"ReportAcknowledge":{"version":[1,10000],"content_hash":[0,128],"action":[0,1000]},"ClockPause":{"note":[0,1000]},"ClockResume":{"note":[0,1000]},"Voi":{"center":[-1000000,1000000],"width":[1,1000000]},"Arrow":{"x":[-100000,100000],"y":[-100000,100000],"from_x":[-100000,100000],"from_y":[-100000,100000],"text":[0,200]},"Viewport":{"preset":[0,200],"zoom":[0.01,100],"pan_x":[-100000,100000],"pan_y":[-100000,100000],"rotation":[-360,360],"arrows":[0,32]},"ImageShare":{"study_uid":[1,64],"series_uid":[0,64],"sop_uid":[0,64],"frame":[1,100000],"label":[0,200]},"MessagePost":{"text":[1,8000],"lang":[0,12],"in_reply_to":[1,1000000000]},"MessageRetract":{"seq":[1,1000000000],"reason":[0,1000]},"QuickReply":{"code":[1,60],"detail":[0,1000],"in_reply_to":[1,1000000000]},"MemberInvite":{"person":[1,64],"role":[0,200],"name":[0,200],"site":[0,200],"question":[0,1000]},"MemberRemove":{"person":[1,64],"reason":[0,1000]},"CaseDecline":{"reason":[1,1000]},"RingStart":{"question":[1,2000],"to":[0,64],"subspecialty":[0,200]},"RingAnswer":{"ring":[1,1000000000]},"RingDecline":{"ring":[1,1000000000],"reason":[1,1000]},"RingStop":{"ring":[1,1000000000],"reason":[0,1000]},"ImageRef":{"study_uid":[1,64],"series_uid":[0,64],"sop_uid":[0,64],"frame":[1,100000],"label":[0,200]},"CriticalRaise":{"category":[1,3],"finding":[3,1000],"code":[0,200],"words":[0,6],"images":[0,16],"identified_at":[0,40],"to":[0,64],"name":[0,200],"role":[0,200],"site":[0,200]},"CriticalAttempt":{"critical":[1,1000000000],"name":[0,200],"role":[0,200],"number":[0,40],"note":[0,1000],"at":[0,40]},"Recipient":{"name":[2,200],"role":[2,200],"number":[0,40]},"CriticalAcknowledge":{"critical":[1,1000000000],"read_back":[0,2000],"action":[0,1000],"received_at":[0,40]},"CriticalClose":{"critical":[1,1000000000],"reason":[0,1000]},"OpinionAsk":{"question":[3,2000],"to":[0,64],"specialty":[0,200],"images":[0,16],"name":[0,200],"role":[0,200],"site":[0,200]},"OpinionAccept":{"opinion":[1,1000000000]},"OpinionDecline":{"opinion":[1,1000000000],"reason":[1,1000]},"OpinionAnswer":{"opinion":[1,1000000000],"text":[1,8000],"images":[0,16]},"OpinionConclude":{"opinion":[1,1000000000],"remark":[0,1000]},"OpinionWithdraw":{"opinion":[1,1000000000],"reason":[1,1000]},"ReviewRecord":{"text":[0,4000]},"HandoverOffer":{"to":[1,64],"note":[0,1000],"minutes":[1,720],"name":[0,200],"roles":[0,40]},"HandoverAccept":{"handover":[1,1000000000]},"HandoverDecline":{"reason":[1,1000],"handover":[1,1000000000]},"HandoverWithdraw":{"reason":[0,1000]},"IncidentOpen":{"text":[1,4000],"since":[0,40]},"IncidentClose":{"incident_seq":[1,1000000000],"resolution":[1,4000]},"RoomClose":{"reason":[0,1000]},"RoomReopen":{"reason":[1,1000]}} as const;
