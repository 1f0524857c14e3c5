/**
 * Every way in which a command can fail, and the exit code that follows from it: 2 means that the named thing does not
 * exist, everything else is 1 (D1). The list is closed: scripts match these names. Code, help and JSON Schema are made from it.
 */
export const FAILURES = {
  usage: { exit: 1, meaning: 'The command line is wrong; nothing was started.' },
  host_unsupported: { exit: 1, meaning: 'This machine cannot run rusta.' },
  program_missing: { exit: 1, meaning: 'A program that rusta needs is missing and could not be installed.' },
  program_failed: { exit: 1, meaning: 'A program failed, hung, could not be started or said something that rusta cannot read.' },
  environment_invalid: { exit: 1, meaning: 'HOME, RUSTA_SSH_PORT or another variable has a value that cannot be used.' },
  state_invalid: { exit: 1, meaning: 'state.toml cannot be understood.' },
  file_failed: { exit: 1, meaning: 'A file or folder could not be read, written or removed.' },
  busy: { exit: 1, meaning: 'Another rusta, or the clone that a killed one has left, holds a lock for too long.' },
  vm_not_found: { exit: 2, meaning: 'There is no such VM.' },
  vm_not_chosen: { exit: 2, meaning: 'No VM was named, and there is neither a default nor anybody to ask.' },
  vm_exists: { exit: 1, meaning: 'A VM has that name already.' },
  vm_damaged: { exit: 1, meaning: 'Its folder lacks files, or something else stands in its place: Tart does not list it.' },
  vm_running: { exit: 1, meaning: 'The VM is running, and must not be.' },
  vm_not_running: { exit: 1, meaning: 'The VM is not running, and has to be.' },
  vm_incomplete: { exit: 1, meaning: 'Its creation stopped half-way.' },
  no_default: { exit: 1, meaning: "'rusta default' without a default." },
  declined: { exit: 1, meaning: 'The user said no, or closed the prompt.' },
  not_a_terminal: { exit: 1, meaning: 'A question would have to be asked, and there is nobody to ask.' },
  not_configured: { exit: 2, meaning: 'A source or image that is to be removed or moved is not configured.' },
  source_unknown: { exit: 1, meaning: '--source names none of the configured sources.' },
  image_not_found: { exit: 1, meaning: 'No source has the image.' },
  registry_unreachable: { exit: 1, meaning: 'No source can be reached.' },
  disk_full: { exit: 1, meaning: 'The disk of this Mac has too little room.' },
  clone_failed: { exit: 1, meaning: 'The image could not be cloned.' },
  boot_failed: { exit: 1, meaning: 'The VM did not start.' },
  share_refused: { exit: 1, meaning: 'A folder of the Mac is not there, or must not be seen by a guest.' },
  share_failed: { exit: 1, meaning: 'The guest could not mount a folder of the Mac.' },
  provisioning_failed: { exit: 1, meaning: 'The set-up of a new VM failed; it was kept.' },
  command_lost: { exit: 1, meaning: 'Nobody knows how a command in a guest has ended.' },
  shutdown_failed: { exit: 1, meaning: 'The VM did not stop.' },
  delete_failed: { exit: 1, meaning: 'The VM, or something that belongs to it, could not be deleted.' },
  timed_out: { exit: 1, meaning: 'A wait came to its end.' },
  login_refused: { exit: 1, meaning: "The guest refused the login. 'rusta ssh' ends with the code of sshpass or ssh: 5 or 255." },
  connection_failed: { exit: 1, meaning: "The connection to the guest failed or broke. 'rusta ssh' ends with the code of ssh: 255." },
  copy_failed: { exit: 1, meaning: 'Files could not be copied into the guest.' },
  docker_setup_failed: { exit: 1, meaning: 'Docker could not be installed in the guest.' },
  ssh_setup_failed: { exit: 1, meaning: 'The name for ssh could not be set up.' },
  key_unusable: { exit: 1, meaning: 'The SSH key of this Mac cannot be used without a question.' },
  nothing_to_read: { exit: 1, meaning: 'There is no log, key or folder to work on.' },
} as const satisfies Record<string, { readonly exit: 1 | 2; readonly meaning: string }>;

/** Failures that a user cannot cause, or has asked for: no RustaError has one of these codes. */
export const OTHER_FAILURES = {
  interrupted: { exit: '129, 130, 141 or 143', meaning: 'HUP, INT or TERM arrived, or nobody reads the output any more (141).' },
  system_call_failed: { exit: 1, meaning: 'The system refused something that rusta did not expect it to refuse.' },
  bug: { exit: 1, meaning: 'A bug in rusta.' },
} as const satisfies Record<string, { readonly exit: number | string; readonly meaning: string }>;

/** The code of a RustaError. */
export type ErrorCode = keyof typeof FAILURES;
export type FailureCode = ErrorCode | keyof typeof OTHER_FAILURES;

/** Returns all codes with their exit codes and meanings, for those who read them: start-up does not pay for it. */
export function failureRows(): (readonly [code: string, exit: string, meaning: string])[] {
  return Object.entries({ ...FAILURES, ...OTHER_FAILURES }).map(([code, { exit, meaning }]) => [code, String(exit), meaning]);
}
