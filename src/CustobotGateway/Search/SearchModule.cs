using CustobotGateway.Common.Preferences;
using CustobotGateway.OAuth.Mandates;
using FluentValidation;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.Search;

/// <summary>Constraint search over every attribute of the catalogue.</summary>
public static class SearchModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddSearch(this IServiceCollection services) => services
        .AddSingleton<CatalogIndex>()
        .AddSingleton(SearchReadiness.Create)
        .AddHostedService<IndexFollower>()
        .AddSingleton<CursorKey>()
        .AddHostedService<LoadCursorKey>()
        .AddSingleton<IValidator<SearchRequest>, SearchRequestValidator>()
        .AddSingleton<SearchProducts>()
        .AddSingleton<IMandateVocabulary, MandateVocabulary>()
        .AddSingleton<IPreferenceRules, PreferenceRules>()
        .Configure<SwaggerGenOptions>(SearchContract.Configure);

    /// <summary>Maps the module's routes.</summary>
    public static void MapSearch(this IEndpointRouteBuilder routes)
    {
        SearchProducts.Map(routes);
        ListFilters.Map(routes);
    }
}
