using CustobotGateway.Common.Http;
using CustobotGateway.Tests.Common;
using FluentValidation;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Guards;

/// <summary>What every route has to say of itself.</summary>
public sealed class RouteGuardTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private IEnumerable<RouteEndpoint> Routes => gateway.App.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    [Fact]
    public void Every_route_says_who_may_call_it()
    {
        Assert.NotEmpty(Routes);
        Assert.Empty(Routes.Where(route => route.Metadata.GetMetadata<RouteAccess>() is null).Select(route => route.DisplayName));
    }

    [Fact]
    public async Task Every_route_that_is_not_public_refuses_a_caller_without_credentials()
    {
        var guarded = Routes.Where(route => route.Metadata.GetMetadata<RouteAccess>() is { Scope: not null, IsPublicRead: false }).ToList();

        Assert.NotEmpty(guarded);
        foreach (var route in guarded)
        {
            var path = string.Concat(route.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part =>
                part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content
                : part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator ? separator.Content : "x"))));
            foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await gateway.Client.SendAsync(request);
                Assert.True(answer.StatusCode == System.Net.HttpStatusCode.Unauthorized, $"{method} {path} answered {(int)answer.StatusCode}");
                Assert.True((await GatewayFixture.ReadJsonAsync(answer)).TryGetProperty("remedy", out _), $"{method} {path} names no remedy");
            }
        }
    }

    [Fact]
    public void Every_request_body_has_a_validator()
    {
        var bodies = Routes.Select(route => (route.DisplayName, Type: route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, Validated: route.Metadata.GetMetadata<ValidatedBody>()?.RequestType))
            .Where(body => body.Type is not null && body.Type != typeof(Stream)).ToList();

        Assert.NotEmpty(bodies);
        Assert.Empty(bodies.Where(body => body.Validated != body.Type || gateway.App.Services.GetService(typeof(IValidator<>).MakeGenericType(body.Type!)) is null).Select(body => body.DisplayName));
    }
}
