package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.rpc.JsonRpc;
import io.tocsin.base.ChainId;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Scope;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.TransactionJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The endpoints through which a command speaks to a chain. */
final class ChainOptions {
  @Option(
      names = "--rpc",
      required = true,
      paramLabel = "URL",
      description =
          "An endpoint of the guardian's chain: http, ws, or ipc:PATH. Repeat it: what is shown is"
              + " then what two of them agree on.")
  private List<String> urls = new ArrayList<>();

  /** Work with open endpoints, which are closed afterwards. */
  @FunctionalInterface
  interface Use<T> {
    T with(ChainAccess access) throws ChainException;
  }

  <T> T open(Use<T> use) {
    try (Scope scope = new Scope()) {
      List<JsonRpc> endpoints = new ArrayList<>();
      for (String url : urls) {
        endpoints.add(scope.add(endpoint(url)));
      }
      ChainId chain = chain(endpoints);
      return use.with(scope.add(new ChainAccess(chain, endpoints)));
    } catch (ChainException e) {
      throw CommandException.environment(String.valueOf(e.getMessage()));
    }
  }

  private static JsonRpc endpoint(String url) {
    try {
      return JsonRpc.open(url);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--rpc: " + e.getMessage());
    }
  }

  private static ChainId chain(List<JsonRpc> endpoints) {
    Optional<ChainId> first = Optional.empty();
    for (JsonRpc endpoint : endpoints) {
      ChainId chain =
          switch (endpoint.call("eth_chainId")) {
            case Reply.Result(JsonNode value) -> chain(endpoint, value);
            case Reply.Failure(int code, String message, Optional<JsonNode> _) ->
                throw CommandException.environment(
                    endpoint.name() + " refuses eth_chainId: " + code + " " + message);
            case Reply.Unreachable(String reason) ->
                throw CommandException.environment(
                    endpoint.name() + " cannot be reached: " + reason);
          };
      if (first.isPresent() && !first.get().equals(chain)) {
        throw CommandException.usage(
            "--rpc: "
                + endpoint.name()
                + " is on "
                + chain
                + ", the others on "
                + first.get()
                + "; name endpoints of one chain");
      }
      first = Optional.of(chain);
    }
    return first.orElseThrow();
  }

  private static ChainId chain(JsonRpc endpoint, JsonNode value) {
    try {
      return ChainId.evm(
          TransactionJson.quantity(Json.object().set("chain", value), "chain").longValueExact());
    } catch (MalformedException | IllegalArgumentException | ArithmeticException e) {
      throw CommandException.environment(
          endpoint.name() + " answers eth_chainId with " + e.getMessage());
    }
  }
}
