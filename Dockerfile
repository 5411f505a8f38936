# Builds the service and puts it into an image that runs without root. Its database is elsewhere: see docker-compose.yml.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Restored before the sources are copied, so that a change of code does not fetch the packages again.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig ./
COPY src/CustobotGateway.AttributeIndex/*.csproj src/CustobotGateway.AttributeIndex/
COPY src/CustobotGateway.Bargaining/*.csproj src/CustobotGateway.Bargaining/
COPY src/CustobotGateway.GraphQL/*.csproj src/CustobotGateway.GraphQL/
COPY src/CustobotGateway.MessageSignatures/*.csproj src/CustobotGateway.MessageSignatures/
COPY src/CustobotGateway.OAuth/*.csproj src/CustobotGateway.OAuth/
COPY src/CustobotGateway/*.csproj src/CustobotGateway/
RUN dotnet restore src/CustobotGateway
COPY schemas schemas
COPY openapi openapi
COPY src src
RUN dotnet publish src/CustobotGateway -c Release -o /app --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# The spool of imports and the lock; nothing here outlives the container but what a volume keeps.
RUN mkdir -p /var/lib/custobot-gateway && chown "$APP_UID" /var/lib/custobot-gateway
VOLUME /var/lib/custobot-gateway
USER $APP_UID
EXPOSE 8080
# exec form, so that SIGTERM reaches the gateway, which then ends its requests and stops.
ENTRYPOINT ["dotnet", "CustobotGateway.dll"]
CMD ["serve", "--urls", "http://0.0.0.0:8080", "--data", "/var/lib/custobot-gateway"]
