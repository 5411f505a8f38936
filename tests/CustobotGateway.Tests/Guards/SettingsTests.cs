using System.Text.Json;
using CustobotGateway.BotDetection;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Catalog;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Checkout.Shop;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;
using CustobotGateway.GraphQLDoor;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Keys;
using CustobotGateway.Identity.People;
using CustobotGateway.Tests.Common;
using CustobotGateway.Webhooks;

namespace CustobotGateway.Tests.Guards;

/// <summary>The settings' schema knows every setting, and the shipped file states the defaults.</summary>
public sealed class SettingsTests
{
    private static readonly string SchemaFile = Repository.PathOf("schemas", "appsettings.schema.json");

    private static JsonElement Settings { get; } = Read(Repository.PathOf("src", "CustobotGateway", "appsettings.json"));

    [Fact]
    public void Shipped_settings_are_valid() => Assert.Empty(JsonSchemaCheck.FromFile(SchemaFile).Check(Settings));

    [Fact]
    public void Setting_out_of_its_range_is_refused_by_the_schema()
    {
        using var wrong = JsonDocument.Parse("""{"Catalog":{"ImportParallelism":0,"Unknown":1}}""");

        Assert.Equal(2, JsonSchemaCheck.FromFile(SchemaFile).Check(wrong.RootElement).Count);
    }

    [Fact]
    public void Every_setting_is_in_the_schema_and_shipped_with_its_default()
    {
        Check<CatalogOptions>("Catalog");
        Check<GraphQLDoorOptions>("GraphQL");
        Check<FetchOptions>("Fetch");
        Check<PaymentOptions>("Checkout", "Payments");
        Check<ShopOptions>("Checkout", "Shop");
        Check<AuthorizationServerOptions>("Identity", "AuthorizationServer");
        Check<KeyOptions>("Identity", "Keys");
        Check<PeopleOptions>("Identity", "People");
        Check<AccessOptions>("Identity", "Access");
        Check<RateLimitOptions>("RateLimits");
        Check<CallerOptions>("BotDetection", "Callers");
        Check<AgentOptions>("BotDetection", "Agents");
        Check<LaneOptions>("BotDetection", "Lanes");
        Check<TrustOptions>("BotDetection", "Trust");
        Check<SandboxOptions>("Checkout", "Payments", "Sandbox");
        Check<StripeOptions>("Checkout", "Payments", "Stripe");
        Check<InvoiceOptions>("Checkout", "Payments", "Invoice");
        Check<WebhookOptions>("Webhooks");
    }

    private static void Check<TOptions>(params IEnumerable<string> section)
        where TOptions : new()
    {
        var described = section.Aggregate(Read(SchemaFile), (schema, step) => schema.GetProperty("properties").GetProperty(step)).GetProperty("properties").EnumerateObject().Select(member => member.Name).Order();
        var defaults = new TOptions();

        Assert.Equal(typeof(TOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(), described);
        Assert.Equal(defaults, section.Aggregate(Settings, (settings, step) => settings.GetProperty(step)).Deserialize<TOptions>());
    }

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }
}
