/** What befalls a program that is started. */
export interface Fault {
  /** name as in calls(): `tart`, `brew`, `guest:apt-get` */
  readonly program: string;
  /** its leading arguments */
  readonly args?: readonly string[];
  /** spare the first n matching starts */
  readonly after?: number;
  /** strike only so often */
  readonly times?: number;
  readonly do: 'exit' | 'signal' | 'hang' | 'garbage' | 'megabytes' | 'partial';
  /** exit code, default 1 (0 for garbage and megabytes) */
  readonly code?: number;
  /** for `signal`, default SIGKILL */
  readonly signal?: NodeJS.Signals;
  readonly stdout?: string;
  readonly stderr?: string;
}
