using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.OpenApi;
using CustobotGateway.Tests.Common;
using CustobotGateway.Webhooks;
using CustobotGateway.Webhooks.Sending;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Guards;

/// <summary>Every example of the contract, run against the demo catalogue; afterwards the validators of every body have run.</summary>
public sealed class ContractExampleTests(ContractExampleTests.Gateway gateway) : IClassFixture<ContractExampleTests.Gateway>
{
    public sealed class Gateway : GatewayFixture
    {
        public ConcurrentDictionary<Type, int> Validated { get; } = new();

        protected override bool Demo => true;

        protected override void ConfigureServices(IServiceCollection services)
        {
            // The partner of the examples is this machine, where nothing listens: nothing leaves it.
            services.AddSingleton(new WebhookSender(new WebhookOptions { AllowedHosts = "partner.example" }, TimeProvider.System, (_, _) => Task.FromResult(new[] { IPAddress.Loopback })));
            foreach (var registration in services.Where(service => service.ServiceType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(IValidator<>)).ToList())
            {
                var subject = registration.ServiceType.GetGenericArguments()[0];
                services.Remove(registration);
                services.AddSingleton(registration.ServiceType, provider => Activator.CreateInstance(typeof(Recording<>).MakeGenericType(subject),
                    registration.ImplementationInstance ?? registration.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, registration.ImplementationType!), Validated)!);
            }
        }
    }

    /// <summary>Passes on to a validator and notes that it ran.</summary>
    private sealed class Recording<T>(IValidator<T> inner, ConcurrentDictionary<Type, int> ran) : AbstractValidator<T>
    {
        public override ValidationResult Validate(ValidationContext<T> context)
        {
            ran.AddOrUpdate(typeof(T), 1, (_, count) => count + 1);
            return inner.Validate(context);
        }
    }

    public static TheoryData<string> Examples => [.. new ContractExamples().All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Example_is_answered_as_the_contract_says(string operation)
    {
        await RunAsync(operation);
        foreach (var other in new ContractExamples().All[operation].Others.Values)
        {
            await RunAsync(operation, other);
        }
    }

    [Fact]
    public async Task Validator_of_every_request_body_runs()
    {
        foreach (var operation in new ContractExamples().All.Where(example => example.Value.Body is not null))
        {
            await RunAsync(operation.Key);
        }

        var bodies = gateway.App.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints)
            .Where(route => route.Metadata.GetMetadata<IAcceptsMetadata>() is not null).Select(route => route.Metadata.GetMetadata<ValidatedBody>()?.RequestType).OfType<Type>();
        Assert.Empty(bodies.Except(gateway.Validated.Keys));
    }

    /// <summary>Runs an example after those that it needs; gives what they kept.</summary>
    private async Task<Dictionary<string, string>> RunAsync(string id, JsonNode? other = null)
    {
        var example = new ContractExamples().All[id];
        var kept = example.After is null ? [] : await RunAsync(example.After);
        kept["unique"] = Guid.NewGuid().ToString("n");
        var values = example.Parameters.ToDictionary(parameter => parameter.Key, parameter => parameter.Value?.ToString() ?? "");
        var body = (other ?? example.Body)?.DeepClone();
        foreach (var (target, text) in example.Take)
        {
            var value = kept.Aggregate(text, (filled, one) => filled.Replace("{" + one.Key + "}", one.Value, StringComparison.Ordinal));
            if (target[0] != '/')
            {
                values[target] = value;
                continue;
            }
            body![target[1..]] = body[target[1..]]!.GetValueKind() == JsonValueKind.Number ? long.Parse(value, CultureInfo.InvariantCulture) : value;
        }
        using var request = RequestOf(id, values);
        if (body is not null)
        {
            request.Content = new StringContent(body is JsonValue text && text.GetValueKind() == JsonValueKind.String ? (string)text! : body.ToJsonString(Json.Options), Encoding.UTF8);
            request.Content.Headers.ContentType = new(example.ContentType);
        }

        using var answer = await (request.Headers.Authorization is null ? gateway.Admin : gateway.Client).SendAsync(request);

        var content = await answer.Content.ReadAsStringAsync();
        // The second time a thing is created it is there already.
        Assert.True(example.Status == (int)answer.StatusCode || (example.Status == 201 && answer.StatusCode == HttpStatusCode.OK), $"{id}: {(int)answer.StatusCode} {content}");
        foreach (var (name, pointer) in example.Keep)
        {
            kept[name] = pointer.Split('/').Skip(1).Aggregate(JsonNode.Parse(content), (node, step) => node is JsonArray array ? array[int.Parse(step, CultureInfo.InvariantCulture)] : node?[step])!.ToString();
        }
        return kept;
    }

    private HttpRequestMessage RequestOf(string id, Dictionary<string, string> values)
    {
        var (path, method, parameters) = Describe(id);
        var query = new List<string>();
        var request = new HttpRequestMessage { Method = new HttpMethod(method) };
        foreach (var (name, value) in values)
        {
            switch (parameters.GetValueOrDefault(name))
            {
                case "path":
                    path = path.Replace("{" + name + "}", Uri.EscapeDataString(value), StringComparison.Ordinal);
                    break;
                case "query":
                    query.Add($"{name}={Uri.EscapeDataString(value)}");
                    break;
                default:
                    Assert.True(name is "Authorization" || parameters.ContainsKey(name), $"{id} has no parameter {name}");
                    request.Headers.TryAddWithoutValidation(name, value);
                    break;
            }
        }
        request.RequestUri = new Uri(path + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative);
        return request;
    }

    private (string Path, string Method, Dictionary<string, string> Parameters) Describe(string id)
    {
        using var contract = JsonDocument.Parse(gateway.App.Services.GetRequiredService<Contract>().Json);
        var (path, method, operation) = (from entry in contract.RootElement.GetProperty("paths").EnumerateObject()
                                         from member in entry.Value.EnumerateObject()
                                         where member.Value.ValueKind == JsonValueKind.Object && member.Value.TryGetProperty("operationId", out var one) && one.GetString() == id
                                         select (entry.Name, member.Name, member.Value)).Single();
        return (path, method.ToUpperInvariant(), operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("in").GetString()!)
            : []);
    }
}
