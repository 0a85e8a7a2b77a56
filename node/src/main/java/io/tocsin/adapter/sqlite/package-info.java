/**
 * The node's system of record in one SQLite file: {@link io.tocsin.adapter.sqlite.Database} opens
 * and migrates it, and one store class a port keeps what the port promises.
 *
 * <p>There is one writer. Every change goes through {@link
 * io.tocsin.adapter.sqlite.Database#write}, which runs the changes waiting at the same moment in
 * one transaction and answers after it is on the disk, so that many writers share one disk flush.
 */
@NullMarked
package io.tocsin.adapter.sqlite;

import org.jspecify.annotations.NullMarked;
