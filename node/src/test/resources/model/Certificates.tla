---------------------------- MODULE Certificates ----------------------------
(***************************************************************************)
(* How members of a federation certify a claim.                            *)
(*                                                                         *)
(* The claim is true or false on its chain.  An honest member judges it by *)
(* its own eyes, writes the verdict down, and only then signs it, once an  *)
(* epoch; it may crash at any point and keeps what was written down.  A    *)
(* faulty member (a liar, or one behind a lying endpoint) signs anything   *)
(* in any epoch, from the start on.  The network loses, repeats and        *)
(* reorders: what was signed reaches a member at any later time, or never. *)
(* A member holds a certificate when the confirmations of one epoch that   *)
(* reached it weigh more than two thirds.                                  *)
(*                                                                         *)
(* Claims do not touch each other, and holding a certificate changes       *)
(* nothing for others (it is checked again in full by whoever gets it), so *)
(* one claim and one Observer among the honest stand for all.              *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Members,    \* everyone in the roster, each of weight one
  Faulty,     \* those who lie
  Observer,   \* an honest member
  Truth,      \* whether the claim is true
  LastEpoch,
  Numerator, Denominator,  \* a quorum weighs more than this share of all
  Durable     \* whether verdicts survive a crash; FALSE only to see it go wrong

ASSUME Faulty \subseteq Members /\ Observer \in Members \ Faulty

VARIABLES
  epoch,      \* the epoch each honest member believes in
  book,       \* the verdict each honest member has written down, or "none"
  signed,     \* the attestations of honest members: <<member, epoch, verdict>>
  inbox,      \* what the observer has admitted
  held        \* whether the observer holds a certificate

vars == <<epoch, book, signed, inbox, held>>

Honest == Members \ Faulty
Epochs == 1 .. LastEpoch
Verdicts == {"confirm", "refute"}
Lies == Faulty \X Epochs \X Verdicts

TypeOK ==
  /\ epoch \in [Honest -> Epochs]
  /\ book \in [Honest -> Verdicts \cup {"none"}]
  /\ signed \subseteq Honest \X Epochs \X Verdicts
  /\ inbox \subseteq signed \cup Lies
  /\ held \in BOOLEAN

Init ==
  /\ epoch = [m \in Honest |-> 1]
  /\ book = [m \in Honest |-> "none"]
  /\ signed = {}
  /\ inbox = {}
  /\ held = FALSE

Sight == IF Truth THEN "confirm" ELSE "refute"

(* After a rule update or at another endpoint a member may see it otherwise; *)
(* it matters only where the first verdict is forgotten.                     *)
Judge(m) ==
  /\ book[m] = "none"
  /\ \E v \in IF Durable THEN {Sight} ELSE Verdicts : book' = [book EXCEPT ![m] = v]
  /\ UNCHANGED <<epoch, signed, inbox, held>>

Sign(m) ==
  /\ book[m] # "none"
  /\ signed' = signed \cup {<<m, epoch[m], book[m]>>}
  /\ UNCHANGED <<epoch, book, inbox, held>>

Deliver(a) ==
  /\ inbox' = inbox \cup {a}
  /\ UNCHANGED <<epoch, book, signed, held>>

Confirmers(e) == {m \in Members : <<m, e, "confirm">> \in inbox}

Quorum(S) == Denominator * Cardinality(S) > Numerator * Cardinality(Members)

Certify ==
  /\ \E e \in Epochs : Quorum(Confirmers(e))
  /\ held' = TRUE
  /\ UNCHANGED <<epoch, book, signed, inbox>>

Crash(m) ==
  /\ book' = IF Durable THEN book ELSE [book EXCEPT ![m] = "none"]
  /\ held' = IF m = Observer THEN FALSE ELSE held
  /\ UNCHANGED <<epoch, signed, inbox>>

Rotate(m) ==
  /\ epoch[m] < LastEpoch
  /\ epoch' = [epoch EXCEPT ![m] = @ + 1]
  /\ UNCHANGED <<book, signed, inbox, held>>

Next ==
  \/ \E m \in Honest : Judge(m) \/ Sign(m) \/ Crash(m) \/ Rotate(m)
  \/ \E a \in signed \cup Lies : Deliver(a)
  \/ Certify

(* Steps that a member which runs and is connected takes sooner or later; faulty ones owe none. *)
Fairness ==
  /\ \A m \in Honest : WF_vars(Judge(m)) /\ WF_vars(Sign(m))
  /\ \A m \in Honest, e \in Epochs, v \in Verdicts :
       WF_vars(<<m, e, v>> \in signed /\ Deliver(<<m, e, v>>))
  /\ WF_vars(Certify)

Spec == Init /\ [][Next]_vars

(* For liveness the observer stops crashing, as it must to hold anything. *)
Steady ==
  \/ \E m \in Honest : Judge(m) \/ Sign(m)
  \/ \E a \in signed \cup Lies : Deliver(a)
  \/ Certify

LiveSpec == Init /\ [][Steady]_vars /\ Fairness

-----------------------------------------------------------------------------
(* Nothing false is ever certified. *)
NoFalseCertificate == held => Truth

(* No honest member ever signs both ways, in whatever epochs: it cannot be slashed. *)
HonestNeverContradicts ==
  \A a, b \in signed : a[1] = b[1] => a[3] = b[3]

(* The observer's certificate never rests on faulty members alone. *)
SomeoneHonestSaw ==
  held => \E a \in inbox : a[1] \in Honest /\ a[3] = "confirm"

(* A true claim is certified sooner or later, whatever the faulty do or leave undone. *)
TrueClaimIsCertified == Truth => <>held
=============================================================================
