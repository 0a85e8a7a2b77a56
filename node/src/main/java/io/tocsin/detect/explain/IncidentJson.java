package io.tocsin.detect.explain;

import io.tocsin.base.Address;
import io.tocsin.base.Json;
import io.tocsin.chain.Position;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.FindingJson;
import io.tocsin.detect.FlashLoan;
import io.tocsin.detect.PriceSources;
import io.tocsin.detect.Role;
import io.tocsin.detect.Scan;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An incident as JSON; amounts are decimal strings in the asset's smallest unit. */
public final class IncidentJson {
  /** Of a price source, this many readings are written, spread over all of them. */
  private static final int MAX_READINGS = 200;

  private IncidentJson() {}

  /** The whole incident but its call tree, which is what it was made from. */
  public static ObjectNode write(Incident incident) {
    ObjectNode out =
        Json.object()
            .put("tx", incident.trace().tx().toString())
            .put("chain", incident.trace().chain().toString())
            .put("frames", incident.trace().frames().size())
            .put("verdict", word(incident.report().scan()))
            .put("probability", incident.probability());
    if (incident.trace().position() instanceof Position.Mined(var block, _)) {
      out.put("block", block.number());
    }
    strings(out.putArray("story"), Story.of(incident));
    ArrayNode detectors = out.putArray("detectors");
    for (DetectorResult result : incident.report().results()) {
      ObjectNode one = detectors.addObject().put("id", result.detector());
      one.put("verdict", word(result.scan()));
      if (result.scan() instanceof Scan.NotAnalysed(String reason)) {
        one.put("reason", reason);
      }
    }
    ArrayNode findings = out.putArray("findings");
    incident.report().findings().forEach(f -> findings.add(FindingJson.write(f)));
    incident.view().ifPresent(view -> view(out, view));
    strings(out.putArray("assumptions"), incident.assumptions());
    strings(out.putArray("gaps"), incident.gaps());
    ObjectNode limits = out.putObject("limits");
    incident.doubtful().forEach(m -> strings(limits.putArray(m.id()), m.limits()));
    return out;
  }

  private static String word(Scan scan) {
    return switch (scan) {
      case Scan.Clean _ -> "clean";
      case Scan.Found _ -> "found";
      case Scan.NotAnalysed _ -> "not_analysed";
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void strings(ArrayNode array, List<String> all) {
    all.forEach(array::add);
  }

  private static void view(ObjectNode out, Incident.View view) {
    ArrayNode accounts = out.putArray("accounts");
    view.roles()
        .all()
        .forEach(
            (account, roles) -> {
              ObjectNode one =
                  accounts
                      .addObject()
                      .put("address", account.toString())
                      .put("name", view.names().of(account));
              ArrayNode list = one.putArray("roles");
              for (Role role : roles) {
                list.add(word(role));
              }
              Set<Address> codes = view.roles().implementations().getOrDefault(account, Set.of());
              if (!codes.isEmpty()) {
                ArrayNode code = one.putArray("implementations");
                codes.forEach(c -> code.add(c.toString()));
              }
            });
    ArrayNode loans = out.putArray("flash_loans");
    view.roles().loans().forEach(l -> loan(loans.addObject(), l));
    ArrayNode resembles = out.putArray("resembles");
    view.activities()
        .forEach(
            a -> {
              ObjectNode one =
                  resembles.addObject().put("kind", word(a.kind())).put("why", a.why());
              ArrayNode frames = one.putArray("frames");
              a.frames().forEach(frames::add);
            });
    ArrayNode net = out.putArray("net");
    for (NetTable.Row row : NetTable.of(view)) {
      net.addObject()
          .put("account", row.account().toString())
          .put("asset", row.asset().toString())
          .put("got", row.got().toString())
          .put("paid", row.paid().toString());
    }
    ArrayNode prices = out.putArray("prices");
    view.facts().prices().forEach(s -> price(prices.addObject(), s));
  }

  private static void loan(ObjectNode out, FlashLoan loan) {
    out.put("kind", word(loan.kind()))
        .put("lender", loan.lender().toString())
        .put("borrower", loan.parties().borrower().toString())
        .put("asset", loan.asset().toString())
        .put("amount", loan.amount().toString())
        .put("lent_frame", loan.span().lent())
        .put("callback_frame", loan.span().callback())
        .put("repaid_frame", loan.span().repaid());
    loan.fee().ifPresent(f -> out.put("fee", f.toString()));
  }

  private static void price(ObjectNode out, PriceSources.Source source) {
    out.put("address", source.address().toString())
        .put("kind", word(source.kind()))
        .put("lowest", source.lowest())
        .put("highest", source.highest());
    ArrayNode readings = out.putArray("readings");
    int all = source.readings().size();
    int step = Math.max(1, all / MAX_READINGS);
    for (int i = 0; i < all; i += step) {
      PriceSources.Reading reading = source.readings().get(i);
      readings.addObject().put("frame", reading.frame()).put("price", reading.price());
    }
  }
}
