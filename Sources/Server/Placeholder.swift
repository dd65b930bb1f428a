import Hummingbird
import JWTKit
import ArgumentParser
import Configuration
import ServiceLifecycle
enum ServerPlaceholder {}
