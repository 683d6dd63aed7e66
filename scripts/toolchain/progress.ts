import { clock, measure } from "../timings/spans.ts";
import { visible, visibleLine } from "../visible.ts";

const LIVE_MS = 120;
const REPEAT_MS = 15_000;
/** A task that ends sooner and has nothing to tell leaves no line behind. */
const QUIET_MS = 300;
const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

/**
 * Tells what a running task is doing; the last text stays on the task's line when it has ended.
 * `measure` is for what changes all the time ("1240 of 2310 packages"): outside a terminal it causes no line of its own.
 */
export type Update = (detail: string, measure?: string) => void;

/** What a task has come to. */
export interface TaskNews {
  readonly title: string;
  readonly detail: string;
  readonly measure: string;
  readonly state: "running" | "done" | "failed";
}

interface Task {
  title: string;
  detail: string;
  measure: string;
  start: number;
  shown: boolean;
  timers: NodeJS.Timeout[];
}

/** What Progress needs of a stream; process.stderr is one. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** A duration for people: "0.4s", "12s", "1m 30s". @param ms milliseconds */
export function elapsed(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

/**
 * Shows tasks that may run side by side, a line each with the time they took. A terminal sees them live; anything else
 * gets plain lines at the start, every 15 s and at the end. Quick tasks without news print nothing.
 */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #live: boolean;
  readonly #colour: boolean;
  readonly #tasks = new Set<Task>();
  readonly #warned = new Set<string>();
  #drawn = 0;
  #frame = 0;
  #ticker: NodeJS.Timeout | undefined;
  #listener: ((news: TaskNews) => void) | null = null;

  /** @param stream where to write; default stderr, so that stdout stays a program's output */
  constructor(
    stream: ProgressStream = process.stderr,
    env: Readonly<Record<string, string | undefined>> = process.env,
  ) {
    this.#stream = stream;
    this.#live = stream.isTTY === true && env.TERM !== "dumb";
    this.#colour = this.#live && !env.NO_COLOR;
  }

  /** Has every piece of news told to somebody else as well; null for nobody any more. */
  listen(listener: ((news: TaskNews) => void) | null): void {
    this.#listener = listener;
  }

  /** Runs `work` and shows it. Its result and its error pass through. @param title what is done: "Docker Engine" */
  async task<T>(title: string, work: (update: Update) => Promise<T>): Promise<T> {
    const task: Task = { title, detail: "", measure: "", start: Date.now(), shown: false, timers: [] };
    const began = clock();
    this.#begin(task);
    try {
      const result = await work((detail, measure = "") => this.#update(task, detail, measure));
      this.#hear(task, "done");
      this.#end(task, "✓", "32");
      return result;
    } catch (error) {
      task.shown = true;
      this.#hear(task, "failed");
      this.#end(task, "✗", "31");
      throw error;
    } finally {
      measure(title, began);
    }
  }

  /** A line of its own, for what belongs to no task. */
  note(text: string): void {
    // It may quote what machines and programs wrote.
    this.#print(`  ${visible(text)}`);
  }

  /** A note that is printed once, however often it is said: a plan's warnings are told by the command and by the engine. */
  warn(text: string): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.note(text);
  }

  #hear({ title, detail, measure }: Task, state: TaskNews["state"]): void {
    this.#listener?.({ title, detail, measure, state });
  }

  #begin(task: Task): void {
    this.#tasks.add(task);
    this.#hear(task, "running");
    const show = () => {
      task.shown = true;
      if (!this.#live && !task.detail) this.#print(`· ${label(task)} …`);
    };
    const remind = () => this.#print(`· still: ${label(task)}, ${elapsed(Date.now() - task.start)}`);
    task.timers.push(setTimeout(show, QUIET_MS));
    if (!this.#live) task.timers.push(setInterval(remind, REPEAT_MS));
    else this.#ticker ??= setInterval(() => this.#redraw(), LIVE_MS);
  }

  #update(task: Task, detail: string, measure: string): void {
    const known = detail === task.detail;
    task.measure = measure;
    task.detail = visibleLine(detail);
    this.#hear(task, "running");
    if (known) return;
    // Not at once: the last news of a task is on its closing line, right behind.
    const print = () => task.shown && this.#print(`· ${label(task)} …`);
    if (!this.#live) task.timers.push(setTimeout(print, QUIET_MS));
  }

  #end(task: Task, mark: string, colour: string): void {
    for (const timer of task.timers) clearTimeout(timer);
    this.#tasks.delete(task);
    task.measure = "";
    if (this.#tasks.size === 0) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
    const line = `${this.#paint(mark, colour)} ${label(task)}  ${this.#paint(elapsed(Date.now() - task.start), "2")}`;
    if (task.shown || task.detail) this.#print(line);
    else this.#redraw();
  }

  /** A lasting line goes above the live ones. */
  #print(line: string): void {
    this.#erase();
    this.#stream.write(`${line}\n`);
    this.#redraw();
  }

  #redraw(): void {
    if (!this.#live) return;
    this.#erase();
    const frame = FRAMES[this.#frame++ % FRAMES.length] ?? "";
    const width = (this.#stream.columns ?? 80) - 1;
    for (const task of this.#tasks) {
      if (!task.shown) continue;
      const text = `${label(task)}  ${elapsed(Date.now() - task.start)}`.slice(0, width - 2);
      this.#stream.write(`${this.#paint(frame, "36")} ${text}\n`);
      this.#drawn++;
    }
  }

  #erase(): void {
    if (this.#drawn > 0) this.#stream.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  #paint(text: string, colour: string): string {
    return this.#colour ? `\x1b[${colour}m${text}\x1b[0m` : text;
  }
}

function label(task: Task): string {
  const news = [task.detail, task.measure].filter(Boolean).join(", ");
  return news ? `${task.title}: ${news}` : task.title;
}
