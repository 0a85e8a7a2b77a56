package io.tocsin.exposure;

/**
 * The outcome of one rule.
 *
 * @param detail what was compared with what, for people
 */
public record RuleResult(DerivedRule rule, boolean holds, String detail) {}
