/*
 * Times of machines that have a system of their own, in milliseconds.
 */

/** systemd starts a service of ours again so long after its end; the renderers have it from here. */
export const restartPause = 1_000;
