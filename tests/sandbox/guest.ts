/** What `tart run` of the stand-in boots. Two kinds implement it: `scratch/` (a folder) and `system/` (a booted Debian). */
export interface GuestKind {
  /**
   * Makes what a clone needs beside disk.img. `from` is the folder of the source VM, undefined for an image. `to` is a folder
   * under tmp/ that is renamed to its place right after, and may be renamed again later: keep no absolute paths, mount nothing.
   */
  clone(from: string | undefined, to: string): Promise<void>;
  /** Removes everything outside the VM's folder (mounts, network links). Safe to call twice. Never called while it runs. */
  remove(vmFolder: string): Promise<void>;
  boot(vm: GuestVm): Promise<BootedGuest>;
}

/** A folder of the host that the guest may mount by its tag; under a name it is a folder in what is mounted. */
export interface Share {
  readonly name: string | undefined;
  readonly path: string;
  readonly tag: string;
  readonly readOnly: boolean;
}

export interface GuestVm {
  readonly name: string;
  /** `$TART_HOME/vms/<name>` */
  readonly folder: string;
  readonly macAddress: string;
  /** The sandbox's own folder, `$SANDBOX`; short, for sockets: use `<root>/machines/<pid>/`, made by `tart run` for this boot. */
  readonly root: string;
  readonly machineFolder: string;
  readonly shares: readonly Share[];
}

export interface BootedGuest {
  /** Unix socket on the host where the guest agent answers once it is up; absent or refusing before. */
  readonly agentSocket: string;
  /** IPv4 address, undefined until the guest has a lease. */
  address(): Promise<string | undefined>;
  /** ACPI power button: the guest shuts down cleanly, some time later. */
  powerButton(): void;
  /** Virtual power cord. */
  powerCut(): void;
  /** Resolves when the guest is off, however that came; `crash` names an abnormal end. */
  readonly ended: Promise<{ readonly crash?: string }>;
}
