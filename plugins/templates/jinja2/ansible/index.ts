import type { FilterFunction, TestFunction } from "../filter.ts";

/** Ansible's filters by name. */
export const ANSIBLE_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>();

/** Ansible's tests by name. */
export const ANSIBLE_TESTS: ReadonlyMap<string, TestFunction> = new Map<string, TestFunction>();
