using System.Text.Json;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.OAuth.Tests.Mandates;

/// <summary>The names of a small shop, and its mandates.</summary>
internal sealed class Vocabulary : IMandateVocabulary
{
    private static readonly string[] Categories = ["office", "it", "books", "laptop", "pen"];
    private static readonly string[] Attributes = ["repairability_index", "brand", "is_refurbished", "ports"];

    public static readonly Vocabulary Shop = new();

    public static readonly DetailType Type = PurchaseMandateType.Create(Shop);

    /// <summary>The form of the product's own description.</summary>
    public const string Form = """
        [{"type":"purchase_mandate","actions":["quote","purchase"],"currency":"EUR",
          "limits":{"per_item":8000,"per_order":15000,"period":{"amount":40000,"every":"P7D"},"total":100000},"max_orders":20,
          "categories":["office","it"],"rules":[{"attribute":"repairability_index","op":"gte","value":7}],
          "merchants":{"allow":[],"deny":[]},"approval_above":10000,"not_before":"2026-11-01T00:00:00Z","not_after":"2026-12-31T23:59:59Z"}]
        """;

    public bool HasCurrency(string code) => code is "EUR" or "USD" or "JPY";

    public bool HasCategory(string category) => Categories.Contains(category);

    public bool HasAttribute(string attribute) => Attributes.Contains(attribute);

    public bool Includes(string category, string productCategory) => (category, productCategory) is ("it", "laptop") or ("office", "pen");

    public static Checked<AuthorizationDetails> Read(string text, bool ofGrant = false) => AuthorizationDetails.Read(text, [Type], A.Now, ofGrant);

    public static PurchaseMandate Mandate(string members = "") => PurchaseMandate.Of(Read(
        $$"""[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR"{{(members.Length > 0 ? "," + members : "")}}}]""").Value.Elements[0]);

    public static MandatePurchase Order(long total, string attributes = """{"category":"laptop"}""", string currency = "EUR", long? unitPrice = null) =>
        new(currency, total, "shop.example", [new MandateLine("prd_1", unitPrice ?? total, JsonDocument.Parse(attributes).RootElement)]);
}
