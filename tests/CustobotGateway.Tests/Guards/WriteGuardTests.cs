using System.Reflection;
using CustobotGateway.Common.Http;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Guards;

/// <summary>Every write takes an idempotency key and can be tried without being done.</summary>
public sealed class WriteGuardTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public void Every_write_can_be_tried_without_being_done()
    {
        var writes = Writes().ToList();

        Assert.Empty(writes.Where(route => route.Metadata.GetMetadata<Rehearsal>() is null).Select(Name));
        Assert.Contains("completeCheckoutSession", writes.Select(Name));
    }

    [Fact]
    public void Every_write_takes_an_idempotency_key() =>
        Assert.Empty(Writes().Where(route => route.Metadata.GetMetadata<Rehearsal>() is not { ChangesState: false } && !TakesKey(route)).Select(Name));

    private static string Name(Endpoint route) => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? route.DisplayName!;

    private static bool TakesKey(Endpoint route) => route.Metadata.GetMetadata<MethodInfo>() is { } handler
        && handler.GetParameters().Any(parameter => parameter.GetCustomAttribute<FromHeaderAttribute>()?.Name == "Idempotency-Key");

    private IEnumerable<RouteEndpoint> Writes() => gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(route => route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)
            && route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Any(method => method is "POST" or "PUT" or "PATCH" or "DELETE"));
}
