package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Gas;
import io.tocsin.base.Threads;
import io.tocsin.base.Wei;
import io.tocsin.chain.TxCall;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ordinary life on several chains in turn: people send each other ether and tokens, and allow each
 * other to spend tokens, through the public pool. Its own thread is its owner.
 */
final class SoakTraffic implements AutoCloseable {
  private static final int PEOPLE = 8;
  private static final int TICKS = 20;
  private static final Gas TRANSFER = new Gas(21_000);
  private static final Gas TOKEN_CALL = new Gas(100_000);

  private final List<Street> streets = new ArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicLong sent = new AtomicLong();
  private Optional<Thread> walking = Optional.empty();

  private record Street(DemoChain chain, List<Wallet> people) {
    void step(long number) {
      Wallet from = people.get((int) (number % PEOPLE));
      Address to = people.get((int) ((number + 1) % PEOPLE)).address();
      switch ((int) (number / PEOPLE % 3)) {
        case 0 -> send(from, new TxCall(Optional.of(to), Wei.gwei(1), Bytes.EMPTY), TRANSFER);
        case 1 -> token(from, "transfer(address,uint256)", to);
        default -> token(from, "approve(address,uint256)", to);
      }
    }

    private void token(Wallet from, String signature, Address to) {
      TxCall call =
          TxCall.of(chain.venues().dollar(), AbiCalls.call(signature, to, BigInteger.TWO));
      send(from, call, TOKEN_CALL);
    }

    private static void send(Wallet from, TxCall call, Gas gas) {
      var _ = from.send(call, gas, Wallet.ordinaryFees(), Terms.PUBLIC);
    }
  }

  /** Gives people on {@code chains} what they need, and settles; used before the blocks tick. */
  SoakTraffic(List<DemoChain> chains) {
    for (DemoChain chain : chains) {
      Deployer deployer = chain.deployer();
      List<Wallet> people = new ArrayList<>();
      for (int i = 0; i < PEOPLE; i++) {
        Wallet wallet = new Wallet(DemoKeys.of("person " + i), chain.builder());
        deployer.fund(wallet.address());
        deployer.call(
            chain.venues().dollar(),
            "mint(address,uint256)",
            wallet.address(),
            DemoChain.whole(1_000));
        people.add(wallet);
      }
      deployer.settle();
      streets.add(new Street(chain, people));
    }
  }

  /** Lets them send so many transactions a second, on all chains together. */
  void start(int perSecond) {
    walking = Optional.of(Threads.start("traffic", () -> walk(perSecond)));
  }

  private void walk(int perSecond) {
    long start = System.nanoTime();
    try {
      while (!stopping.await(1_000 / TICKS, TimeUnit.MILLISECONDS)) {
        long due = (System.nanoTime() - start) / 1_000_000 * perSecond / 1_000;
        while (sent.get() < due && stopping.getCount() > 0) {
          long number = sent.getAndIncrement();
          streets.get((int) (number % streets.size())).step(number / streets.size());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many transactions were sent. */
  long sent() {
    return sent.get();
  }

  @Override
  public void close() {
    stopping.countDown();
    walking.ifPresent(
        thread -> {
          try {
            thread.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
