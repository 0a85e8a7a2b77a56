package io.tocsin.detect.evaluate;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What a corpus says of one transaction: whether it is harmless or an attack, and, where known, of
 * which {@code kind} (the class of the attack, or what a harmless one resembles), what it is called
 * and in which file it lies. Empty text stands for what the corpus does not say. The texts come
 * from outside.
 */
public record Label(
    boolean benign,
    String chain,
    Optional<LocalDate> date,
    String kind,
    String name,
    String file) {}
